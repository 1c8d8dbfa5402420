#pragma once

#include "core/enrollment/people.h"

#include <filesystem>
#include <functional>

namespace enroll::config {

/// The file of a data directory that says who may work at the station, and what their badges and PINs are: "people.toml".
std::filesystem::path peopleFile(const std::filesystem::path& dataDirectory);

/// Reads the people of \p dataDirectory from a file that only its owner can reach; none if there is no file.
/// \par Errors   S-330 with file, line and, for an unknown key, the nearest known one; also for an id twice, and for a hash
///               or a cost that this program does not take. S-333 (the file cannot be read, or others can reach it)
Result<std::optional<enrollment::People>> readPeople(const std::filesystem::path& dataDirectory);

/// Reads people from their text. \p origin names the text in errors.
Result<enrollment::People> parsePeople(std::string_view text, const std::string& origin);

/// Inverse.
std::string peopleText(const enrollment::People& people);

/// Error S-331 unless \p text can be an id or a name: 1 to 64 characters that print as they are, no quote and no backslash.
Result<void> requirePersonText(std::string_view what, std::string_view text);

/// Changes the people of \p dataDirectory by \p change and writes them durably; nothing is written if \p change fails.
/// One program at a time: the others wait, five seconds at most.
/// \par Errors   those of readPeople() and \p change, S-302 (another program changes them), S-333 (cannot be written)
Result<void> changePeople(const std::filesystem::path& dataDirectory,
                          const std::function<Result<void>(enrollment::People&)>& change);

} // namespace enroll::config
