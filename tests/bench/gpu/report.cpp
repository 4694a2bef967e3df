#include "tests/bench/gpu/report.h"

#include <iomanip>
#include <sstream>

namespace inkling::bench {
namespace {

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return result + '"';
}

std::string version(int number) {
  return std::to_string(number / 1000) + "." + std::to_string(number % 1000 / 10);
}

std::string fixed(double value, int digits) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(digits) << value;
  return out.str();
}

std::string percent(double fraction) { return fixed(100 * fraction, 1) + " %"; }

const char* boundOf(const Place& place) {
  return place.isBoundByBandwidth ? "bandwidth" : "arithmetic";
}

std::string row(const Measurement& each, const Ceilings& ceilings) {
  const Place place = placeOf(each, ceilings);
  std::ostringstream out;
  out << "| " << std::left << std::setw(28) << each.kernel << " | " << std::setw(32) << each.shape
      << std::right << " | " << std::setw(10) << fixed(each.seconds * 1e6, 1) << " | "
      << std::setw(9) << fixed(each.bytes / 1e6, 2) << " | " << std::setw(9)
      << fixed(each.flops / 1e9, 3) << " | " << std::setw(9) << percent(place.ofBandwidth) << " | "
      << std::setw(9) << percent(place.ofArithmetic) << " | " << boundOf(place) << " |\n";
  return out.str();
}

std::string object(const Measurement& each, const Ceilings& ceilings) {
  const Place place = placeOf(each, ceilings);
  std::ostringstream out;
  out << std::setprecision(10) << "{\"kernel\": " << quoted(each.kernel)
      << ", \"shape\": " << quoted(each.shape) << ", \"seconds\": " << each.seconds
      << ", \"bytes\": " << each.bytes << ", \"flops\": " << each.flops
      << ", \"of_bandwidth\": " << place.ofBandwidth
      << ", \"of_arithmetic\": " << place.ofArithmetic << ", \"bound\": \"" << boundOf(place)
      << "\"}";
  return out.str();
}

}  // namespace

Place placeOf(const Measurement& measurement, const Ceilings& ceilings) {
  const double moving = measurement.bytes / ceilings.bytesPerSecond,
               computing = measurement.flops / ceilings.flopsPerSecond;
  return {moving / measurement.seconds, computing / measurement.seconds, moving >= computing};
}

std::string table(const Report& report) {
  std::ostringstream out;
  out << report.device << ", compute capability " << report.major << "." << report.minor << ", "
      << report.multiprocessors << " multiprocessors; driver for CUDA " << version(report.driver)
      << ", runtime " << version(report.runtime) << "; " << report.date << ".\n\n"
      << "Ceilings, measured: copying " << fixed(report.ceilings.bytesPerSecond / 1e9, 0)
      << " GB/s (read and written), " << fixed(report.ceilings.flopsPerSecond / 1e12, 1)
      << " TFLOP/s of single precision.\n\n"
      << "| kernel | shape | us | MB at least | GFLOP | of bandwidth | of arithmetic | bound by |\n"
      << "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |\n";
  for (const Measurement& each : report.measurements) out << row(each, report.ceilings);
  out << "\nTimes are medians of runs in a row: what fits into the card's cache is there, so over "
         "100 % of the bandwidth is possible.\n";
  return out.str();
}

std::string json(const Report& report) {
  std::ostringstream out;
  out << "{\n  \"device\": " << quoted(report.device) << ",\n  \"date\": " << quoted(report.date)
      << ",\n  \"compute_capability\": \"" << report.major << "." << report.minor
      << "\",\n  \"multiprocessors\": " << report.multiprocessors << ",\n  \"driver\": \""
      << version(report.driver) << "\",\n  \"runtime\": \"" << version(report.runtime)
      << "\",\n  \"copy_bytes_per_second\": " << report.ceilings.bytesPerSecond
      << ",\n  \"fma_flops_per_second\": " << report.ceilings.flopsPerSecond
      << ",\n  \"kernels\": [";
  const char* separator = "\n    ";
  for (const Measurement& each : report.measurements) {
    out << separator << object(each, report.ceilings);
    separator = ",\n    ";
  }
  out << "\n  ]\n}\n";
  return out.str();
}

}  // namespace inkling::bench
