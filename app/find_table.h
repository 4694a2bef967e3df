// What `find` found, for a person at a terminal.
#pragma once

#include <string>

#include "core/exporting/find_report.h"

namespace inkling {

/// A table: photos with a match, and how many have none or failed.
std::string toTableText(const FindReport& report);

}  // namespace inkling
