#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace enroll::app::service {

/// An HTTP request as it was received.
struct ReceivedRequest {
    std::string method;                         ///< upper-case: "PUT"
    std::string target;                         ///< path and query, still percent-encoded
    std::map<std::string, std::string> headers; ///< names in lower case; of several with one name, the last
    std::string body;

    /// The header's value; empty if there is none.
    [[nodiscard]] std::string header(const std::string& lowerCaseName) const
    {
        const auto found = headers.find(lowerCaseName);
        return found == headers.end() ? std::string{} : found->second;
    }
};

/// An HTTP response. The server adds Content-Length and Connection.
struct HttpResponse {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

} // namespace enroll::app::service
