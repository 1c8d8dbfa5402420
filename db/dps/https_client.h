#pragma once

#include "db/dps/http_message.h"

#include <filesystem>
#include <memory>
#include <stop_token>

namespace enroll::db::dps {

/// Where an HTTPS server is and whom it must be vouched for by.
struct HttpsServer {
    std::string authority;        ///< host, or host:port; 443 where there is none
    std::filesystem::path caFile; ///< PEM; only these authorities count. Empty: the system's
};

/// Error S-330 unless \p authority is a host, or host:port.
Result<void> requireAuthority(const std::string& authority);

/// One request, one answer. The seam under the two clients of this folder.
class HttpsExchange {
public:
    virtual ~HttpsExchange() = default;

    /// Sends \p request once and waits for the whole answer, at most until \p deadline has passed or a stop is asked.
    ///
    /// Any status is an answer. A request that carries a body is never put on the wire twice.
    /// Nothing of a body is NotDelivered, whatever went wrong.
    /// \par Errors   U-495 (TLS; nothing was sent), U-503 (no connection, or it was lost), U-504 (too slow), U-502
    ///               (answer too large, or not HTTP), D-141 (a stop was asked); what beforeBody returned
    virtual HttpOutcome exchange(const HttpRequest& request, Deadline deadline, const std::stop_token& stop) = 0;

protected:
    HttpsExchange() = default;
    HttpsExchange(const HttpsExchange&) = default;
    HttpsExchange& operator=(const HttpsExchange&) = default;
};

/// HTTPS over Qt Network: HTTP/1.1 with keep-alive, the server's certificate always verified against its name,
/// redirects refused (they come back as the answer they are), bodies bounded.
///
/// Blocks in an event loop of its own: used on one worker thread or a program without other work on that thread, never
/// on a GUI thread. Needs a QCoreApplication. A stop may be asked from any thread.
class HttpsClient final : public HttpsExchange {
public:
    /// Errors S-330: no such CA file, no certificate in it, or an authority that is none.
    static Result<std::unique_ptr<HttpsClient>> create(const HttpsServer& server);
    ~HttpsClient() override;

    HttpOutcome exchange(const HttpRequest& request, Deadline deadline, const std::stop_token& stop) override;

private:
    class Private;
    explicit HttpsClient(std::unique_ptr<Private> d) noexcept;
    std::unique_ptr<Private> m_d;
};

} // namespace enroll::db::dps
