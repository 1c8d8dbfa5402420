#include "core/transport/tls_channel.h"

#include "core/transport/tcp_connect.h"

namespace enroll::transport {

Result<std::unique_ptr<TpmChannel>> TlsChannel::open(const TlsAddress& address, const AgentFiles& files,
                                                     const Deadline& deadline, std::stop_token stop)
{
    TRY_ASSIGN(const auto context, TlsContext::load(files, TlsRole::Station, utcNow()));
    TRY_ASSIGN(auto interrupt, system::WakeUp::create());
    const std::stop_callback onStop{std::move(stop), [&interrupt] { interrupt.raise(); }};
    TRY_ASSIGN(auto socket, connectToHost(address.place, deadline, interrupt));
    TRY_ASSIGN(auto stream, TlsStream::connect(std::move(socket), context, expectedName(address), deadline, interrupt));
    TRY_ASSIGN(auto ownInterrupt, system::WakeUp::create()); // a fresh one: the stop may have raised the first
    return std::unique_ptr<TpmChannel>{new TlsChannel{std::move(stream), std::move(ownInterrupt)}};
}

} // namespace enroll::transport
