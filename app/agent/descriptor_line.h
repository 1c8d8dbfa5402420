#pragma once

#include "app/agent/station_line.h"
#include "core/system/descriptor.h"
#include "core/system/wake_up.h"

namespace enroll::app::agent {

/// True if the other end of the socket or pipe \p in sends nothing more.
bool otherEndHungUp(int in) noexcept;

/// A StationLine of bytes as they are.
class DescriptorLine final : public StationLine {
public:
    /// \param in    is read from: a socket, a pipe; stays the caller's
    /// \param out   is written to; may be \p in
    /// \param stop  raised: every wait ends with D-141
    DescriptorLine(int in, int out, const system::WakeUp& stop) noexcept : m_in(in), m_out(out), m_stop(stop) {}
    /// On \p socket, which goes with the line.
    DescriptorLine(system::Descriptor socket, const system::WakeUp& stop) noexcept
        : m_own(std::move(socket)), m_in(m_own.fd()), m_out(m_own.fd()), m_stop(stop)
    {}

    [[nodiscard]] Result<std::size_t> receive(std::span<std::byte> buffer, const Deadline& deadline) const override;
    [[nodiscard]] Result<void> send(ByteView bytes, const Deadline& deadline) const override;
    [[nodiscard]] bool hungUp() const noexcept override { return otherEndHungUp(m_in); }

private:
    system::Descriptor m_own; ///< not valid where they are the caller's
    int m_in;
    int m_out;
    const system::WakeUp& m_stop;
};

} // namespace enroll::app::agent
