#pragma once

#include "core/base/bytes.h"

#include <algorithm>

namespace enroll {

/// Keeps many short byte strings in few large pieces of memory and never moves one: the overhead is under one part in a
/// thousand, and what a growing vector would need twice over is needed once. What it returns lives as long as it does.
class ByteArena {
public:
    ByteView keep(ByteView bytes)
    {
        if (m_pieces.empty() || m_pieces.back().capacity() - m_pieces.back().size() < bytes.size()) {
            m_pieces.emplace_back().reserve(std::max(kPiece, bytes.size()));
        }
        auto& piece = m_pieces.back();
        const auto begin = piece.size();
        piece.insert(piece.end(), bytes.begin(), bytes.end());
        return ByteView{piece}.subspan(begin);
    }
    std::string_view keep(std::string_view text) { return asText(keep(asBytes(text))); }

private:
    static constexpr std::size_t kPiece = std::size_t{1} << 20U;

    std::vector<Bytes> m_pieces; ///< none grows beyond what was reserved for it
};

} // namespace enroll
