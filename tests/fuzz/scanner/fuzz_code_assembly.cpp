#include "core/base/bytes.h"
#include "core/scanner/code_assembly.h"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace enroll;
using scanner::CodeAssembly;
using scanner::ScannedLine;

/// What becomes of \p text that comes at once, or a byte at a time.
std::vector<ScannedLine> linesOf(std::string_view text, std::size_t atOnce)
{
    CodeAssembly codes{enrollment::ScanEnd::LineEnd};
    std::vector<ScannedLine> lines;
    for (std::size_t at = 0; at < text.size(); at += atOnce) {
        for (auto& line : codes.take(text.substr(at, atOnce), {})) {
            lines.push_back(std::move(line));
        }
    }
    if (auto rest = codes.abandon()) {
        lines.push_back(*std::move(rest));
    }
    return lines;
}

} // namespace

/// What a scanner sends: however the line delivers it, the same codes come of it; none holds a line end, none is longer than
/// a symbol, and what has no end is no whole code.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto text = asText(std::as_bytes(std::span{data, size}));
    const auto lines = linesOf(text, std::max<std::size_t>(size, 1));
    if (lines != linesOf(text, 1)) {
        std::abort();
    }
    for (const auto& line : lines) {
        if (line.text.find_first_of("\r\n\t") != std::string::npos || line.text.size() > CodeAssembly::kLongest) {
            std::abort();
        }
    }
    const bool hasEnd = text.empty() || text.find_last_of("\r\n\t") == text.size() - 1;
    if (!hasEnd && lines.back().isWhole) {
        std::abort();
    }
    return 0;
}
