// What the processes of a team send each other. Internal to app/team; the only user of MPI.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inkling {

enum class TeamMessage : int {
  begin = 1,  ///< leader: the work is there
  ask,        ///< follower: give me items
  chunk,      ///< leader: items
  result,     ///< follower: item and result
  alive,      ///< follower, every second; leader: an answer to it
  failed,     ///< follower: why it cannot go on
  end,        ///< leader: there is no more to do; "lost" when a member is
};

/// Items in a message.
std::string packItems(const std::vector<std::size_t>& items);
std::vector<std::size_t> unpackItems(std::string_view bytes);

/// Messages in small pieces: MPI delivers these at once, without the sender's help, so that nobody
/// waits for one who died in the middle. All on one thread.
class TeamLine {
 public:
  /// Joins the processes that MPI has started. Null: there is only one, or no MPI.
  static std::unique_ptr<TeamLine> open();

  int rank() const { return rank_; }
  int size() const { return size_; }
  int onThisMachine() const { return local_; }

  void send(int to, TeamMessage message, std::string_view bytes = {});
  /// Hands all that has come to `take`.
  void poll(const std::function<void(int from, TeamMessage, const std::string& bytes)>& take);
  /// Takes leave of the others, who do the same; not when one of them is dead.
  void close();

 private:
  int rank_ = 0, size_ = 1, local_ = 1;
  std::map<std::pair<int, int>, std::string> parts_;  ///< of messages that have not come as a whole
};

}  // namespace inkling
