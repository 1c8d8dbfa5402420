#pragma once

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/system/wake_up.h"

namespace enroll::app::agent {

/// The agent's end of the line to a station: bytes, with a deadline for each wait. Owns no descriptor. One thread; but
/// hungUp(), which any thread may ask.
class StationLine {
public:
    /// \param in    is read from: a socket, a pipe
    /// \param out   is written to; may be \p in
    /// \param stop  raised: every wait ends with D-141
    StationLine(int in, int out, const system::WakeUp& stop) noexcept : m_in(in), m_out(out), m_stop(stop) {}

    /// Fills \p buffer; fewer bytes only where the station hung up.
    /// \par Errors   D-102 (deadline), D-141 (stop), D-101 (the line broke)
    [[nodiscard]] Result<std::size_t> receive(std::span<std::byte> buffer, const Deadline& deadline) const;
    /// Errors as receive().
    [[nodiscard]] Result<void> send(ByteView bytes, const Deadline& deadline) const;

    /// True if the station will send nothing more, even if some of what it sent was not read yet.
    [[nodiscard]] bool hungUp() const noexcept;

private:
    int m_in;
    int m_out;
    const system::WakeUp& m_stop;
};

} // namespace enroll::app::agent
