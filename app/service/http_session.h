#pragma once

#include "app/service/http_server.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <atomic>
#include <optional>

namespace enroll::app::service {

/// What all connections of a server share. Outlives them.
struct SessionSettings {
    HttpLimits limits;
    HttpHandler handler;
    HttpRefusal refusal;
    std::atomic<std::size_t> open{0};
    std::atomic<bool> draining{false};
    std::function<void()> lastClosed; ///< called by the last connection that closes while draining
};

/// One connection. Its handlers run on its strand, one at a time; the response may be given on any thread. Pending
/// operations keep it alive; it ends when there is none.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
public:
    HttpSession(boost::asio::ip::tcp::socket&& socket, boost::asio::ssl::context& tls, SessionSettings& settings);
    HttpSession(const HttpSession&) = delete;
    HttpSession& operator=(const HttpSession&) = delete;
    ~HttpSession();

    void start();
    /// Closes the connection now if no request has begun to arrive, else after its response. Any thread.
    void drain();

private:
    using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

    void awaitRequest();
    void readHeader();
    void headerRead(boost::beast::error_code error);
    void sendContinue();
    void readBody();
    void bodyRead(boost::beast::error_code error);
    void refuse(boost::beast::error_code error);
    void dispatch();
    void send(HttpResponse response);
    void sent(boost::beast::error_code error, bool keepOpen);
    void close();

    boost::beast::ssl_stream<boost::beast::tcp_stream> m_stream;
    SessionSettings& m_settings;
    boost::beast::flat_buffer m_buffer;
    std::optional<Parser> m_parser;
    bool m_idle = false; ///< shaking hands, or waiting for a request to begin
    bool m_keepAlive = false;
    bool m_headerOnly = false; ///< the request is a HEAD
    unsigned m_version = 11;
};

} // namespace enroll::app::service
