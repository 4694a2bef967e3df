// Several processes of one MPI run (mpirun, srun) that share a work out among them.
//
//   if (const auto team = Team::join()) {
//     if (team->leads()) team->lead(items, work, take); else team->follow(work);
//     return team->leave(status);
//   }
//
// Rank 0 leads: it gives out chunks of items, works itself, and gathers the results; nothing else
// is exchanged, photos and files are on disks that all can reach. A member that is silent for some
// seconds is taken for dead, and others get what it had; that needs an MPI that goes on without it
// (Open MPI: mpirun --enable-recovery, whose own exit status is 0 whatever happens). Without it MPI
// ends all of them at once.
//
// A program that was built without MPI, or is started without it, is in no team.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/cancellation.h"

namespace inkling {

class Team {
 public:
  /// Null where this is not one of several processes.
  static std::unique_ptr<Team> join();
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  bool leads() const { return rank_ == 0; }
  int size() const { return size_; }
  /// Processes of the team on this machine.
  int onThisMachine() const;
  /// Threads that this process may use, so that those of a machine share its cores. `wanted` by the
  /// user counts, unless it is 0.
  int threads(int wanted) const;

  /// The next item of this process; waits for it; none: there is no more. For several threads.
  using Next = std::function<std::optional<std::size_t>()>;
  using Deliver = std::function<void(std::size_t item, std::string result)>;
  /// Computes items until there is none. `deliver` is called on one thread at a time. Runs on a
  /// thread of its own.
  using Work = std::function<void(const Next& next, const Deliver& deliver)>;

  /// Rank 0. `take` is called on this thread, once for each item. Returns when all are done or
  /// `token` is cancelled. What `take` or `work` throws ends the work of all.
  void lead(const std::vector<std::size_t>& items, const Work& work,
            const std::function<void(std::size_t item, const std::string& result)>& take,
            const CancellationToken& token);
  /// The others: waits for the leader to begin, calls `begin`, and then works for it. What they
  /// throw is told to the leader, which fails with it. Throws OutputError when the leader is gone.
  void follow(const std::function<void()>& begin, const Work& work);

  /// Ends the program: the status of the leader counts.
  [[noreturn]] void leave(int status);

 private:
  struct State;
  Team(int rank, int size);
  void endAll();
  const int rank_, size_;
  std::unique_ptr<State> state_;
};

}  // namespace inkling
