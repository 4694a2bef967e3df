// What the program says: results on stdout, everything else on stderr.
#pragma once

#include <string>
#include <string_view>

namespace inkling {

/// Writes to stdout and flushes. Throws OutputError when it cannot, as on a full disk.
void printResult(std::string_view text);

/// One line "inkling: MESSAGE" on stderr, for errors and notes. A progress line is wiped first.
void complain(std::string_view message);

/// `text` fit for one line of a terminal: control characters become '?'. Bytes that are not UTF-8
/// become U+FFFD.
std::string printable(std::string_view text);

/// "1 photo", "2 photos".
std::string counted(std::size_t count, std::string_view noun);

}  // namespace inkling
