#pragma once

#include "core/transport/tcp_connect.h"
#include "core/transport/tls_ptr.h"
#include "core/transport/tls_stream.h"
#include "tests/support/must.h"
#include "tests/support/plant_keys.h"

#include <arpa/inet.h>
#include <array>
#include <csignal>
#include <fcntl.h>
#include <functional>
#include <poll.h>
#include <sys/socket.h>
#include <thread>

/// Both ends of TLS connections on loopback, for the tests of this folder.
namespace enroll::test {

inline constexpr std::chrono::milliseconds kShort{100};
inline constexpr std::chrono::milliseconds kLong{20'000};

/// How a connection ended, seen from one end; no code if it went well.
struct Ended {
    std::optional<ErrorCode> code = {};
    std::string what = {};
};

template <class T>
Ended endOf(const Result<T>& result)
{
    return result.ok() ? Ended{} : Ended{result.error().code, result.error().what};
}

/// A port of this machine. What connects is accepted once, within kLong.
class Port {
public:
    Port()
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        socklen_t size = sizeof address;
        if (::bind(m_socket.fd(), generic, size) != 0 || ::listen(m_socket.fd(), 8) != 0 ||
            ::getsockname(m_socket.fd(), generic, &size) != 0) {
            std::abort();
        }
        m_number = ntohs(address.sin_port);
    }
    [[nodiscard]] std::uint16_t number() const noexcept { return m_number; }
    /// Non-blocking; not valid if nobody came.
    [[nodiscard]] system::Descriptor accept() const
    {
        pollfd wait{m_socket.fd(), POLLIN, 0};
        ::poll(&wait, 1, static_cast<int>(kLong.count()));
        return system::Descriptor{::accept4(m_socket.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
    }

private:
    system::Descriptor m_socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    std::uint16_t m_number = 0;
};

/// What listens at a port, on a thread of its own, and serves one connection.
class FarEnd {
public:
    using Work = std::function<Ended(system::Descriptor)>;

    explicit FarEnd(Work work)
        : m_thread([this, work = std::move(work)] {
              sigset_t pipes;
              sigemptyset(&pipes);
              sigaddset(&pipes, SIGPIPE); // of this thread alone: what is tested must not raise it
              ::pthread_sigmask(SIG_BLOCK, &pipes, nullptr);
              m_ended = work(m_port.accept());
          })
    {}
    FarEnd(const FarEnd&) = delete;
    FarEnd& operator=(const FarEnd&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return m_port.number(); }
    /// Waits until the connection is over there.
    Ended ended()
    {
        m_thread.join();
        return m_ended;
    }

private:
    Port m_port;
    Ended m_ended;
    std::jthread m_thread; // last: uses the others
};

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

/// Sends bytes as they are, and then waits until the other end is gone.
inline FarEnd::Work saying(std::string text)
{
    return [text = std::move(text)](const system::Descriptor& socket) -> Ended {
        [[maybe_unused]] const auto sent = ::send(socket.fd(), text.data(), text.size(), MSG_NOSIGNAL);
        for (std::array<char, 4096> ignored{};;) {
            pollfd wait{socket.fd(), POLLIN, 0};
            if (::poll(&wait, 1, static_cast<int>(kLong.count())) <= 0 ||
                ::recv(socket.fd(), ignored.data(), ignored.size(), 0) <= 0) {
                return {};
            }
        }
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
