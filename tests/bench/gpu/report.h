// What a benchmark of kernels found: for people as a table, for programs as JSON.
#pragma once

#include <string>
#include <vector>

#include "tests/bench/gpu/ceilings.h"

namespace inkling::bench {

struct Measurement {
  std::string kernel, shape;
  double seconds = 0, bytes = 0, flops = 0;  ///< the latter two as in kernel_cases.h
};

/// Where a kernel is under the two roofs.
struct Place {
  double ofBandwidth = 0, ofArithmetic = 0;  ///< fractions of the ceilings
  bool isBoundByBandwidth = false;           ///< which roof is the lower one for it
};
Place placeOf(const Measurement& measurement, const Ceilings& ceilings);

struct Report {
  std::string device, date;     ///< YYYY-MM-DD
  int driver = 0, runtime = 0;  ///< versions of CUDA, as 13000 for 13.0
  int major = 0, minor = 0, multiprocessors = 0;
  Ceilings ceilings;
  std::vector<Measurement> measurements;
};

/// In Markdown.
std::string table(const Report& report);
std::string json(const Report& report);

}  // namespace inkling::bench
