#include "app/team.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <iostream>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "app/console.h"
#include "app/team_messages.h"
#include "core/base/error.h"
#include "core/base/work_board.h"

namespace inkling {
namespace {

using Clock = WorkBoard::Clock;

constexpr std::chrono::milliseconds kPause{2};  // between two looks at messages
constexpr std::chrono::seconds kAliveEvery{1};
constexpr std::chrono::seconds kMemberPatience{10};   // until a member is taken for dead
constexpr std::chrono::seconds kLeaderPatience{120};  // it may be busy with a slow disk

// The thread that computes, and what goes to it and comes from it.
class Bench {
 public:
  struct Result {
    std::size_t item = 0;
    std::string bytes;
  };

  explicit Bench(const Team::Work& work)
      : thread_([this, &work] {
          try {
            work([this] { return next(); },
                 [this](std::size_t item, std::string bytes) {
                   deliver({item, std::move(bytes)});
                 });
          } catch (...) {
            const std::lock_guard lock(mutex_);
            error_ = std::current_exception();
          }
        }) {}
  ~Bench() { end(); }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  bool isIdle() const {
    const std::lock_guard lock(mutex_);
    return items_.empty() && !ended_;
  }
  void give(const std::vector<std::size_t>& items) {
    const std::lock_guard lock(mutex_);
    items_.insert(items_.end(), items.begin(), items.end());
    changed_.notify_all();
  }
  // What is there after a short while at most. Throws what the work has thrown.
  std::vector<Result> results(std::chrono::milliseconds wait) {
    std::unique_lock lock(mutex_);
    came_.wait_for(lock, wait, [this] { return !results_.empty() || error_; });
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    return std::exchange(results_, {});
  }
  // No more items; what is in hand is finished.
  void end() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
      items_.clear();
      changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::optional<std::size_t> next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ended_ || !items_.empty(); });
    if (ended_) return std::nullopt;
    const std::size_t item = items_.front();
    items_.pop_front();
    return item;
  }
  void deliver(Result result) {
    const std::lock_guard lock(mutex_);
    results_.push_back(std::move(result));
    came_.notify_all();
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_, came_;
  std::deque<std::size_t> items_;
  std::vector<Result> results_;
  std::exception_ptr error_;
  bool ended_ = false;
  std::jthread thread_;  // last
};

}  // namespace

struct Team::State {
  std::unique_ptr<TeamLine> line;
  bool ended = false;  ///< all were told so
  bool lost = false;   ///< one of them is dead: MPI must not wait for it
};

Team::Team(int rank, int size) : rank_(rank), size_(size), state_(std::make_unique<State>()) {}

std::unique_ptr<Team> Team::join() {
  std::unique_ptr<TeamLine> line = TeamLine::open();
  if (!line) return nullptr;
  std::unique_ptr<Team> team(new Team(line->rank(), line->size()));
  team->state_->line = std::move(line);
  return team;
}

// A leader that could not begin must not leave the others waiting.
Team::~Team() {
  if (leads()) endAll();
  if (!state_->lost) state_->line->close();
}

void Team::leave(int status) {
  if (leads()) endAll();
  if (!state_->lost) state_->line->close();
  std::fflush(nullptr);
  std::cout.flush();
  std::_Exit(status);  // what MPI has started may not end by itself after a loss
}

int Team::onThisMachine() const { return state_->line->onThisMachine(); }

int Team::threads(int wanted) const {
  if (wanted > 0) return wanted;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / onThisMachine());
}

void Team::endAll() {
  if (std::exchange(state_->ended, true)) return;
  for (int member = 1; member < size_; ++member)
    state_->line->send(member, TeamMessage::end, state_->lost ? "lost" : "");
}

void Team::lead(const std::vector<std::size_t>& items, const Work& work,
                const std::function<void(std::size_t, const std::string&)>& take,
                const CancellationToken& token) {
  TeamLine& line = *state_->line;
  for (int member = 1; member < size_; ++member) line.send(member, TeamMessage::begin);
  WorkBoard board(items, static_cast<std::size_t>(size_), Clock::now());
  std::set<int> waiting;  // members without work
  const auto receive = [&](int from, TeamMessage message, const std::string& bytes) {
    board.heard(static_cast<std::size_t>(from), Clock::now());
    if (message == TeamMessage::ask) waiting.insert(from);
    if (message == TeamMessage::alive) line.send(from, TeamMessage::alive);
    if (message == TeamMessage::failed) throw OutputError(bytes);
    if (message != TeamMessage::result) return;
    const std::size_t item = unpackItems(std::string_view(bytes).substr(0, 8)).front();
    if (board.done(item)) take(item, bytes.substr(8));
  };
  const auto serve = [&](int member) {
    const std::vector<std::size_t> chunk =
        board.take(static_cast<std::size_t>(member), Clock::now());
    if (!chunk.empty()) line.send(member, TeamMessage::chunk, packItems(chunk));
    return !chunk.empty();
  };
  Bench bench(work);
  while (!board.finished() && !token.cancelled()) {
    board.heard(0, Clock::now());
    if (bench.isIdle()) bench.give(board.take(0, Clock::now()));
    line.poll(receive);
    std::erase_if(waiting, serve);
    for (const Bench::Result& result : bench.results(kPause)) {
      if (board.done(result.item)) take(result.item, result.bytes);
    }
    for (const std::size_t member : board.expire(Clock::now(), kMemberPatience)) {
      waiting.erase(static_cast<int>(member));
      state_->lost = true;
      complain(fmt::format("process {} of {} does not answer any more; others do its part", member,
                           size_));
    }
  }
  bench.end();
  for (const Bench::Result& result : bench.results(kPause)) {
    if (board.done(result.item)) take(result.item, result.bytes);
  }
  endAll();
}

void Team::follow(const std::function<void()>& begin, const Work& work) {
  TeamLine& line = *state_->line;
  bool begun = false, asked = false;
  std::optional<Bench> bench;
  auto heard = Clock::now(), told = Clock::now();
  const auto receive = [&](int, TeamMessage message, const std::string& bytes) {
    heard = Clock::now();
    if (message == TeamMessage::begin) begun = true;
    if (message == TeamMessage::chunk) {
      bench->give(unpackItems(bytes));
      asked = false;
    }
    if (message == TeamMessage::end) {
      state_->ended = true;
      state_->lost = bytes == "lost";
    }
  };
  try {
    for (; !begun && !state_->ended; std::this_thread::sleep_for(10 * kPause)) line.poll(receive);
    if (state_->ended) return;
    begin();
    bench.emplace(work);
    while (!state_->ended) {
      if (bench->isIdle() && !std::exchange(asked, true)) line.send(0, TeamMessage::ask);
      for (const Bench::Result& result : bench->results(kPause))
        line.send(0, TeamMessage::result, packItems({result.item}) + result.bytes);
      line.poll(receive);
      if (Clock::now() - told > kAliveEvery) {
        told = Clock::now();
        line.send(0, TeamMessage::alive);
      }
      if (Clock::now() - heard > kLeaderPatience) {
        state_->lost = true;
        throw OutputError("the leading process does not answer any more");
      }
    }
  } catch (const Error& error) {
    if (!state_->lost) line.send(0, TeamMessage::failed, error.what());
    throw;
  }
}

}  // namespace inkling
