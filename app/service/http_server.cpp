#include "app/service/http_server.h"

#include "app/service/http_session.h"
#include "core/base/host_text.h"
#include "core/base/recoded.h"
#include "core/base/service_code.h"
#include "core/base/without_exceptions.h"
#include "core/crypto/key_and_certificate.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <csignal>
#include <mutex>
#include <thread>

namespace enroll::app::service {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds kAcceptPause{100};

Error cannotListen(const HttpServerOptions& options, const std::string& why)
{
    return makeError(ServiceCode::CannotListen, why, "listen on " + hostAndPort(options.address, options.port));
}

Error unusable(const std::filesystem::path& file, const error_code& why)
{
    return makeError(ServiceCode::FileUnusable, file.string() + ": " + why.message());
}

Result<crypto::KeyAndCertificate> readIdentity(const HttpServerOptions& options)
{
    TRY_ASSIGN(auto identity, crypto::readKeyAndCertificate(options.certificateChain, options.privateKey));
    TRY(crypto::requireUnexpired(identity, options.certificateChain, utcNow()));
    return identity;
}

Result<void> loadCertificate(asio::ssl::context& tls, const HttpServerOptions& options)
{
    error_code error;
    SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
    // A client could ask for renegotiation again and again, which costs the server far more than the client.
    // Compression before encryption reveals what is encrypted (CRIME).
    SSL_CTX_set_options(tls.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    TRY_ASSIGN(const auto identity, recoded(readIdentity(options), ServiceCode::FileUnusable));
    if (tls.use_certificate_chain(asio::buffer(identity.certificate), error); error) {
        return unusable(options.certificateChain, error);
    }
    const auto key = identity.privateKey.view();
    if (tls.use_private_key(asio::buffer(key.data(), key.size()), asio::ssl::context::pem, error); error) {
        return unusable(options.privateKey, error);
    }
    return {};
}

} // namespace

/// Accepts connections, and ends them on SIGTERM or SIGINT. Its own handlers run on m_strand, one at a time.
class HttpServer::Listener {
public:
    Listener(const HttpServerOptions& options, HttpHandler handler, HttpRefusal refusal)
        : m_options(options), m_context(options.threads), m_tls(asio::ssl::context::tls_server),
          m_strand(asio::make_strand(m_context)), m_acceptor(m_strand), m_signals(m_strand), m_drainTimer(m_strand),
          m_acceptPause(m_strand)
    {
        m_settings.limits = options.limits;
        m_settings.handler = std::move(handler);
        m_settings.refusal = std::move(refusal);
        m_settings.lastClosed = [this] { m_context.stop(); };
    }

    Result<void> open()
    {
        TRY(loadCertificate(m_tls, m_options));
        // From here on the signals are queued for run() and do not end the process.
        m_signals.add(SIGTERM);
        m_signals.add(SIGINT);
        error_code error;
        const auto address = asio::ip::make_address(m_options.address, error);
        if (error) {
            return cannotListen(m_options, "the address is not numeric");
        }
        const tcp::endpoint endpoint{address, m_options.port};
        m_acceptor.open(endpoint.protocol(), error);
        if (!error) {
            // A restart must not wait for the connections of the last run to leave TIME_WAIT.
            m_acceptor.set_option(asio::socket_base::reuse_address{true}, error);
        }
        if (!error) {
            m_acceptor.bind(endpoint, error);
        }
        if (!error) {
            m_acceptor.listen(asio::socket_base::max_listen_connections, error);
        }
        return error ? Result<void>{cannotListen(m_options, error.message())} : Result<void>{};
    }

    [[nodiscard]] std::uint16_t port() const { return m_acceptor.local_endpoint().port(); }
    [[nodiscard]] std::size_t openConnections() const noexcept { return m_settings.open; }

    void run()
    {
        m_signals.async_wait([this](error_code error, int) {
            if (!error) {
                drain();
            }
        });
        accept();
        std::vector<std::jthread> threads;
        for (int i = 1; i < m_options.threads; ++i) {
            threads.emplace_back([this] { work(); });
        }
        work();
        threads.clear();
        // Sessions that are left end with the context's handlers, while the context is destroyed: it must not be used then.
        m_settings.lastClosed = [] {};
    }

private:
    /// Runs the context's handlers until it is stopped. One that throws costs its own connection.
    void work() noexcept
    {
        constexpr auto kThread = "connection thread";
        for (bool ended = false; !ended;) {
            const auto ran = withoutExceptions<void>(kThread, [this] { m_context.run(); });
            ended = ran.ok();
            if (!ended) {
                logFault(ran.error());
            }
        }
    }

    void accept()
    {
        m_acceptor.async_accept(asio::make_strand(m_context), [this](error_code error, tcp::socket socket) {
            if (m_settings.draining) {
                return;
            }
            if (error) {
                acceptLater();
                return;
            }
            if (m_settings.open < m_options.limits.connections) {
                error_code ignored;
                socket.set_option(tcp::no_delay{true}, ignored); // small responses go out at once
                const auto session = std::make_shared<HttpSession>(std::move(socket), m_tls, m_settings);
                remember(session);
                session->start();
            }
            accept();
        });
    }

    /// accept() failed, most likely for want of a file descriptor. Without a pause the loop would use up a processor
    /// until one is free.
    void acceptLater()
    {
        m_acceptPause.expires_after(kAcceptPause);
        m_acceptPause.async_wait([this](error_code error) {
            if (!error && !m_settings.draining) {
                accept();
            }
        });
    }

    /// Keeps a weak reference for drain(); those of connections that have closed are dropped here.
    void remember(const std::shared_ptr<HttpSession>& session)
    {
        std::erase_if(m_sessions, [](const auto& other) { return other.expired(); });
        m_sessions.push_back(session);
    }

    /// Stops accepting, closes idle connections, and ends when the last connection has closed, or after limits.drain.
    void drain()
    {
        m_settings.draining = true;
        m_acceptor.close();
        if (m_settings.open == 0) {
            m_context.stop();
            return;
        }
        for (const auto& weak : m_sessions) {
            if (const auto session = weak.lock()) {
                session->drain();
            }
        }
        m_drainTimer.expires_after(m_options.limits.drain);
        m_drainTimer.async_wait([this](error_code) { m_context.stop(); });
    }

    HttpServerOptions m_options;
    SessionSettings m_settings; // before m_context: handlers still in it own sessions, whose destructors use this
    asio::io_context m_context;
    asio::ssl::context m_tls;
    asio::strand<asio::io_context::executor_type> m_strand;
    tcp::acceptor m_acceptor;
    asio::signal_set m_signals;
    asio::steady_timer m_drainTimer;
    asio::steady_timer m_acceptPause;
    std::vector<std::weak_ptr<HttpSession>> m_sessions; // on m_strand alone
};

HttpServer::HttpServer(std::unique_ptr<Listener> listener) : m_listener(std::move(listener)) {}

HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::listen(const HttpServerOptions& options, HttpHandler handler,
                                                       HttpRefusal refusal)
{
    auto listener = std::make_unique<Listener>(options, std::move(handler), std::move(refusal));
    TRY(listener->open());
    return std::unique_ptr<HttpServer>{new HttpServer{std::move(listener)}};
}

std::uint16_t HttpServer::port() const noexcept
{
    return m_listener->port();
}

std::size_t HttpServer::openConnections() const noexcept
{
    return m_listener->openConnections();
}

void HttpServer::run()
{
    m_listener->run();
}

} // namespace enroll::app::service
