#include "app/agent/reception.h"

#include "app/agent/descriptor_line.h"
#include "core/transport/tls_stream.h"

namespace enroll::app::agent {
namespace {

using Line = std::unique_ptr<StationLine>;

/// A StationLine through TLS. That a station has hung up without TLS's own end is an error: it may have been cut.
class TlsLine final : public StationLine {
public:
    TlsLine(transport::TlsStream stream, const system::WakeUp& stop) noexcept
        : m_stream(std::move(stream)), m_stop(stop)
    {}

    [[nodiscard]] Result<std::size_t> receive(std::span<std::byte> buffer, const Deadline& deadline) const override
    {
        std::size_t received = 0;
        while (received < buffer.size()) {
            TRY_ASSIGN(const auto count, m_stream.receive(buffer.subspan(received), deadline, m_stop));
            if (count == 0) {
                break;
            }
            received += count;
        }
        return received;
    }
    [[nodiscard]] Result<void> send(ByteView bytes, const Deadline& deadline) const override
    {
        return m_stream.send(bytes, deadline, m_stop);
    }
    [[nodiscard]] bool hungUp() const noexcept override { return otherEndHungUp(m_stream.fd()); }

private:
    transport::TlsStream m_stream;
    const system::WakeUp& m_stop;
};

} // namespace

Reception receiveAnybody()
{
    return [](system::Descriptor socket, const system::WakeUp& stop) -> Result<Line> {
        return Line{std::make_unique<DescriptorLine>(std::move(socket), stop)};
    };
}

Reception receiveByTls(transport::TlsContext context, std::chrono::milliseconds handshake)
{
    return [context = std::move(context), handshake](system::Descriptor socket,
                                                     const system::WakeUp& stop) -> Result<Line> {
        TRY_ASSIGN(auto stream,
                   transport::TlsStream::accept(std::move(socket), context, Deadline::in(handshake), stop));
        return Line{std::make_unique<TlsLine>(std::move(stream), stop)};
    };
}

} // namespace enroll::app::agent
