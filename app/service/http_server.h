#pragma once

#include "app/service/http_message.h"
#include "core/base/result.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

namespace enroll::service {

/// What one connection may cost.
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
    std::filesystem::path privateKey;       ///< PEM
    int threads = 2;
    HttpLimits limits;
};

/// Sends the response to the request it came with; once, from any thread.
using Respond = std::function<void(HttpResponse)>;
/// Runs on a thread that serves connections: must not wait for anything.
using HttpHandler = std::function<void(HttpRequest, Respond)>;

/// Makes the answer to what never became a request: status 400, 413 or 431.
using HttpRefusal = std::function<HttpResponse(int status)>;

/// HTTP/1.1 over TLS 1.2 or later: keep-alive, a body on any method, `Expect: 100-continue`.
class HttpServer {
public:
    /// Listens, but answers nobody before run(). Error S-321 (address, port, certificate).
    static Result<std::unique_ptr<HttpServer>> listen(const HttpServerOptions& options, HttpHandler handler,
                                                      HttpRefusal refusal);
    ~HttpServer();

    /// The port it really has.
    [[nodiscard]] std::uint16_t port() const noexcept;
    [[nodiscard]] std::size_t openConnections() const noexcept;

    /// Serves until SIGTERM or SIGINT; then answers what has begun to arrive, closes the rest and returns.
    void run();

private:
    class Listener;
    explicit HttpServer(std::unique_ptr<Listener> listener);
    std::unique_ptr<Listener> m_listener;
};

} // namespace enroll::service
