#pragma once

#include <span>
#include <string_view>

namespace enroll {

/// The member of \p names that is the fewest edits away from \p word; empty if none is near enough to be a typing
/// error. For keys of a file, words of a setting, commands.
std::string_view nearestName(std::string_view word, std::span<const std::string_view> names);

} // namespace enroll
