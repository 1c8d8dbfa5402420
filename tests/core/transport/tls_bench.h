#pragma once

#include "core/transport/tcp_connect.h"
#include "core/transport/tls_ptr.h"
#include "core/transport/tls_stream.h"
#include "tests/core/transport/far_end.h"
#include "tests/support/plant_keys.h"

#include <array>
#include <fcntl.h>
#include <functional>

/// Both ends of TLS connections on loopback, for the tests of this folder.
namespace enroll::test {

/// A connected socket, as a channel opens one.
inline system::Descriptor connectedTo(std::uint16_t port)
{
    const auto never = must(system::WakeUp::create());
    return must(transport::connectToHost({"127.0.0.1", port}, Deadline::in(kLong), never));
}

/// The product's agent: lets a station in and gives back what it sends, until the station says the end.
inline FarEnd::Work echoing(const transport::TlsContext& context)
{
    return [context](system::Descriptor socket) -> Ended {
        const auto never = must(system::WakeUp::create());
        const auto stream = transport::TlsStream::accept(std::move(socket), context, Deadline::in(kLong), never);
        std::array<std::byte, 4096> buffer{};
        while (stream.ok()) {
            const auto got = stream->receive(buffer, Deadline::in(kLong), never);
            if (!got.ok() || *got == 0) {
                return endOf(got);
            }
            const auto sent = stream->send(ByteView{buffer}.first(*got), Deadline::in(kLong), never);
            if (!sent.ok()) {
                return endOf(sent);
            }
        }
        return endOf(stream);
    };
}

/// OpenSSL as others use it, who need not keep to what the product asks. Its calls block, kLong at most.
class PlainTls {
public:
    /// \param files  whose certificate and key are shown; empty: none
    PlainTls(const SSL_METHOD* method, const transport::AgentFiles& files = {}) : m_context(SSL_CTX_new(method))
    {
        if (!files.empty() &&
            (SSL_CTX_use_certificate_file(context(), files.certificateFile.c_str(), SSL_FILETYPE_PEM) != 1 ||
             SSL_CTX_use_PrivateKey_file(context(), files.keyFile.c_str(), SSL_FILETYPE_PEM) != 1)) {
            std::abort();
        }
    }
    [[nodiscard]] SSL_CTX* context() const noexcept { return m_context.get(); }

    /// A connection on \p socket, before its handshake.
    [[nodiscard]] transport::SslPtr on(const system::Descriptor& socket) const
    {
        ::fcntl(socket.fd(), F_SETFL, ::fcntl(socket.fd(), F_GETFL) & ~O_NONBLOCK);
        const timeval patience{kLong.count() / 1000, 0};
        ::setsockopt(socket.fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ::setsockopt(socket.fd(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        transport::SslPtr ssl{SSL_new(context())};
        SSL_set_fd(ssl.get(), socket.fd());
        return ssl;
    }

private:
    transport::SslContextPtr m_context;
};

/// Has \p server shake hands, and then do \p work with the connection. The connection ends without the end that TLS gives it,
/// unless \p work says it.
inline FarEnd::Work serving(
    std::shared_ptr<const PlainTls> server, std::function<void(SSL*)> work = [](SSL*) {})
{
    return [server = std::move(server), work = std::move(work)](const system::Descriptor& socket) -> Ended {
        const auto ssl = server->on(socket);
        if (SSL_accept(ssl.get()) == 1) {
            work(ssl.get());
        }
        return {};
    };
}

/// A context as its owner had it at \p now: what expired since, or is not valid yet, only the other end sees.
inline transport::TlsContext contextAt(const transport::AgentFiles& files, transport::TlsRole own, UtcTime now)
{
    return must(transport::TlsContext::load(files, own, now));
}

/// "S-343", or "none".
inline std::string textOf(const std::optional<ErrorCode>& code)
{
    return code ? std::string{describe(*code).text} : "none";
}

/// A station and an agent of one plant.
struct TlsEnds {
    PlantKeys plant = PlantKeys{};
    transport::TlsContext agent =
        contextAt(plant.files(transport::TlsRole::Agent), transport::TlsRole::Agent, utcNow());
    transport::TlsContext station =
        contextAt(plant.files(transport::TlsRole::Station), transport::TlsRole::Station, utcNow());
    system::WakeUp never = must(system::WakeUp::create());

    [[nodiscard]] Result<transport::TlsStream> connect(std::uint16_t port, const transport::TlsContext& context,
                                                       const std::string& name = "127.0.0.1",
                                                       std::chrono::milliseconds patience = kLong) const
    {
        return transport::TlsStream::connect(connectedTo(port), context, name, Deadline::in(patience), never);
    }
    [[nodiscard]] Result<transport::TlsStream> connect(std::uint16_t port) const { return connect(port, station); }

    /// A server of OpenSSL's own, with an agent's certificate of this plant.
    [[nodiscard]] std::shared_ptr<PlainTls> plainServer() const
    {
        return std::make_shared<PlainTls>(TLS_server_method(), plant.files(transport::TlsRole::Agent));
    }

    /// What a receive() of a station ends with.
    [[nodiscard]] Ended received(const transport::TlsStream& stream, std::chrono::milliseconds patience = kLong) const
    {
        std::array<std::byte, 64> buffer{};
        return endOf(stream.receive(buffer, Deadline::in(patience), never));
    }
};

} // namespace enroll::test
