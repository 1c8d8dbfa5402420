#pragma once

#include <string>
#include <string_view>

namespace enroll::crypto {

/// \p utf8 as it may be shown on a terminal: each control character (C0, DEL, C1) becomes '?'.
std::string printableText(std::string_view utf8);

/// The first \p most characters of \p utf8, each of them whole.
std::string_view firstCharacters(std::string_view utf8, std::size_t most) noexcept;

} // namespace enroll::crypto
