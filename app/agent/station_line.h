#pragma once

#include "core/base/bytes.h"
#include "core/base/clock.h"

namespace enroll::app::agent {

/// The agent's end of the line to a station: bytes, with a deadline for each wait. One thread; but hungUp(), which any
/// thread may ask.
class StationLine {
public:
    StationLine() = default;
    StationLine(const StationLine&) = delete;
    StationLine& operator=(const StationLine&) = delete;
    virtual ~StationLine() = default;

    /// Fills \p buffer; fewer bytes only where the station hung up.
    /// \par Errors   D-102 (deadline), D-141 (the agent is to end), D-101 (the line broke); where there is TLS, also S-345
    [[nodiscard]] virtual Result<std::size_t> receive(std::span<std::byte> buffer, const Deadline& deadline) const = 0;
    /// Errors as receive().
    [[nodiscard]] virtual Result<void> send(ByteView bytes, const Deadline& deadline) const = 0;

    /// True if the station will send nothing more, even if some of what it sent was not read yet.
    [[nodiscard]] virtual bool hungUp() const noexcept = 0;
};

} // namespace enroll::app::agent
