#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// What somebody wrote into a file or on a command line, and how a message shows it.
namespace enroll {

/// The most characters of a value that a message shows: enough to know it by, and one line of a terminal.
inline constexpr std::size_t kMostShown = 80;

/// \p utf8 as printableText(), at most \p most of its characters; "…" stands for the rest.
std::string shownText(std::string_view utf8, std::size_t most = kMostShown);

/// The same in quotation marks, the "…" inside them: `"tcp://127.0.0.1:2321"`. For a value of a file, a command line or
/// a profile in a message.
std::string quotedText(std::string_view utf8);

/// True if \p utf8 is empty or holds nothing but white space, with or without a width.
/// Source: Unicode Standard 15, PropList "White_Space"; U+200B, U+2060 and U+FEFF, which nobody sees either.
bool isBlank(std::string_view utf8) noexcept;

} // namespace enroll
