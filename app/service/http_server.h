#pragma once

#include "app/service/http_message.h"
#include "core/base/result.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

namespace enroll::app::service {

/// Bounds on what one peer can cost the service.
struct HttpLimits {
    std::uint32_t headerBytes = 16 * 1024;
    std::uint64_t bodyBytes = std::uint64_t{1024} * 1024;
    std::chrono::milliseconds handshake{10'000};
    std::chrono::milliseconds idle{60'000};    ///< between two requests
    std::chrono::milliseconds message{15'000}; ///< from a request's first byte to its last: a slow sender is cut off
    std::chrono::milliseconds write{15'000};
    std::chrono::milliseconds drain{5'000}; ///< for requests under way when the server is stopped
    std::size_t connections = 512;          ///< further ones are closed at once
};

struct HttpServerOptions {
    std::string address; ///< numeric
    std::uint16_t port = 0;
    std::filesystem::path certificateChain; ///< PEM
    std::filesystem::path privateKey;       ///< PEM, for its owner alone; may be the same file
    int threads = 2;
    HttpLimits limits;
};

/// Sends the response to one request. Call it once, on any thread.
using Respond = std::function<void(HttpResponse)>;
/// Handles a request. Called on a thread that serves connections, so it must not block.
using HttpHandler = std::function<void(ReceivedRequest, Respond)>;

/// Makes the response to bytes that are not a request: status 400, 413 or 431.
using HttpRefusal = std::function<HttpResponse(int status)>;

/// HTTP/1.1 over TLS 1.2 or later: keep-alive, a body on any method, `Expect: 100-continue`. Source: RFC 9112, RFC
/// 9110.
class HttpServer {
public:
    /// Binds and listens, so that clients can connect; they are answered once run() is called. From here on SIGTERM and
    /// SIGINT do not end the process: run() handles them.
    /// \par Errors   P-712 (address, port), P-711 (a file of certificate or key that cannot be used)
    static Result<std::unique_ptr<HttpServer>> listen(const HttpServerOptions& options, HttpHandler handler,
                                                      HttpRefusal refusal);
    ~HttpServer();

    /// The port that was bound: where the options say 0, the one that the system chose.
    [[nodiscard]] std::uint16_t port() const noexcept;
    [[nodiscard]] std::size_t openConnections() const noexcept;

    /// Serves until SIGTERM or SIGINT. Then it accepts nobody, answers the requests that have begun to arrive, for
    /// HttpLimits::drain at most, and returns. Blocks.
    void run();

private:
    class Listener;
    explicit HttpServer(std::unique_ptr<Listener> listener);
    std::unique_ptr<Listener> m_listener;
};

} // namespace enroll::app::service
