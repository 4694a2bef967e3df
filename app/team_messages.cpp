#include "app/team_messages.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#ifdef INKLING_MPI
#include <mpi.h>
#endif

namespace inkling {

std::string packItems(const std::vector<std::size_t>& items) {
  std::string bytes(items.size() * sizeof(std::uint64_t), '\0');
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::uint64_t item = items[i];
    std::memcpy(bytes.data() + i * sizeof(item), &item, sizeof(item));
  }
  return bytes;
}

std::vector<std::size_t> unpackItems(std::string_view bytes) {
  std::vector<std::size_t> items(bytes.size() / sizeof(std::uint64_t));
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::uint64_t item = 0;
    std::memcpy(&item, bytes.data() + i * sizeof(item), sizeof(item));
    items[i] = item;
  }
  return items;
}

#ifdef INKLING_MPI

namespace {

// Below what any transport of MPI sends at once (Open MPI: 4 KiB in shared memory). The first byte
// says whether more comes.
constexpr std::size_t kPiece = 2048;

// MPI is only started where it is asked for: it takes a moment, and a look at the network.
bool startedByMpi() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "PMI_SIZE"}) {
    if (std::getenv(name) != nullptr) return true;
  }
  return false;
}

int membersHere() {
  MPI_Comm machine = MPI_COMM_NULL;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
  int count = 1;
  MPI_Comm_size(machine, &count);
  MPI_Comm_free(&machine);
  return count;
}

}  // namespace

std::unique_ptr<TeamLine> TeamLine::open() {
  if (!startedByMpi()) return nullptr;
  int provided = 0;
  if (MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS)
    return nullptr;
  auto line = std::make_unique<TeamLine>();
  MPI_Comm_rank(MPI_COMM_WORLD, &line->rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &line->size_);
  if (line->size_ < 2) {
    MPI_Finalize();
    return nullptr;
  }
  line->local_ = membersHere();
  // Whether a message arrives is told by the answer to it.
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  return line;
}

void TeamLine::send(int to, TeamMessage message, std::string_view bytes) {
  do {
    const std::size_t size = std::min(bytes.size(), kPiece - 1);
    std::string piece(1, bytes.size() > size ? '+' : '.');
    piece.append(bytes.substr(0, size));
    bytes.remove_prefix(size);
    MPI_Send(piece.data(), static_cast<int>(piece.size()), MPI_BYTE, to, static_cast<int>(message),
             MPI_COMM_WORLD);
  } while (!bytes.empty());
}

void TeamLine::poll(const std::function<void(int, TeamMessage, const std::string&)>& take) {
  for (;;) {
    int there = 0, size = 0;
    MPI_Status status;
    if (MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status) != MPI_SUCCESS ||
        there == 0)
      return;
    MPI_Get_count(&status, MPI_BYTE, &size);
    std::string piece(static_cast<std::size_t>(size), '\0');
    MPI_Recv(piece.data(), size, MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD,
             MPI_STATUS_IGNORE);
    if (piece.empty()) continue;
    const auto key = std::pair(status.MPI_SOURCE, status.MPI_TAG);
    std::string& whole = parts_[key];
    whole.append(piece, 1);
    if (piece.front() == '+') continue;
    const std::string bytes = std::move(whole);
    parts_.erase(key);
    take(key.first, static_cast<TeamMessage>(key.second), bytes);
  }
}

void TeamLine::close() { MPI_Finalize(); }

#else

std::unique_ptr<TeamLine> TeamLine::open() { return nullptr; }
void TeamLine::send(int, TeamMessage, std::string_view) {}
void TeamLine::poll(const std::function<void(int, TeamMessage, const std::string&)>&) {}
void TeamLine::close() {}

#endif

}  // namespace inkling
