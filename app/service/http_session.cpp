#include "app/service/http_session.h"

#include "core/base/text.h"

#include <boost/asio/post.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/write.hpp>

namespace enroll::app::service {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr std::size_t kReadAhead = 4096;

ReceivedRequest requestOf(http::request<http::string_body>&& message)
{
    ReceivedRequest request;
    request.method = std::string{message.method_string()};
    request.target = std::string{message.target()};
    for (const auto& field : message) {
        request.headers[asciiLowered(field.name_string())] = std::string{field.value()};
    }
    request.body = std::move(message.body());
    return request;
}

/// \param headerOnly  for a HEAD request: Content-Length is that of the body, which is not sent
http::response<http::string_body> messageOf(HttpResponse&& response, unsigned version, bool headerOnly)
{
    http::response<http::string_body> message{static_cast<http::status>(response.status), version};
    for (const auto& [name, value] : response.headers) {
        message.set(name, value);
    }
    message.body() = std::move(response.body);
    if (message.result() != http::status::no_content) {
        message.prepare_payload();
    }
    if (headerOnly) {
        message.body().clear();
    }
    return message;
}

/// The HTTP status for bytes that are not a request. 0: close without a response, because the peer has gone or a limit
/// of time has passed.
int statusOf(beast::error_code error)
{
    if (error == http::error::header_limit) {
        return 431;
    }
    if (error == http::error::body_limit) {
        return 413;
    }
    const bool malformed = error.category() == http::make_error_code(http::error::bad_method).category() &&
                           error != http::error::end_of_stream && error != http::error::partial_message;
    return malformed ? 400 : 0;
}

} // namespace

HttpSession::HttpSession(asio::ip::tcp::socket&& socket, asio::ssl::context& tls, SessionSettings& settings)
    : m_stream(std::move(socket), tls), m_settings(settings)
{
    ++m_settings.open;
}

HttpSession::~HttpSession()
{
    if (--m_settings.open == 0 && m_settings.draining) {
        m_settings.lastClosed();
    }
}

/// All work on the stream runs on its strand: start() and drain() are called on other threads, so they post.
void HttpSession::start()
{
    asio::post(m_stream.get_executor(), [self = shared_from_this()] {
        beast::get_lowest_layer(self->m_stream).expires_after(self->m_settings.limits.handshake);
        self->m_idle = true;
        self->m_stream.async_handshake(asio::ssl::stream_base::server, [self](beast::error_code error) {
            self->m_idle = false;
            if (!error) {
                self->awaitRequest();
            }
        });
    });
}

void HttpSession::drain()
{
    asio::post(m_stream.get_executor(), [self = shared_from_this()] {
        if (self->m_idle) {
            beast::get_lowest_layer(self->m_stream).cancel();
        }
    });
}

/// Waits for the first byte of a request, with the idle time-out. The message time-out begins with that byte, so that a
/// slow sender cannot hold a connection for long.
void HttpSession::awaitRequest()
{
    if (m_settings.draining) {
        close();
        return;
    }
    if (m_buffer.size() > 0) { // the beginning of the next request came with the last one (pipelining)
        readHeader();
        return;
    }
    m_idle = true;
    beast::get_lowest_layer(m_stream).expires_after(m_settings.limits.idle);
    m_stream.async_read_some(m_buffer.prepare(kReadAhead),
                             [self = shared_from_this()](beast::error_code error, std::size_t count) {
                                 self->m_idle = false;
                                 if (error) {
                                     self->close();
                                     return;
                                 }
                                 self->m_buffer.commit(count);
                                 self->readHeader();
                             });
}

void HttpSession::readHeader()
{
    beast::get_lowest_layer(m_stream).expires_after(m_settings.limits.message);
    m_parser.emplace();
    m_headerOnly = false;
    m_parser->header_limit(m_settings.limits.headerBytes);
    m_parser->body_limit(m_settings.limits.bodyBytes);
    http::async_read_header(
        m_stream, m_buffer, *m_parser,
        [self = shared_from_this()](beast::error_code error, std::size_t) { self->headerRead(error); });
}

void HttpSession::headerRead(beast::error_code error)
{
    if (error) {
        refuse(error);
        return;
    }
    m_keepAlive = m_parser->get().keep_alive();
    m_version = m_parser->get().version();
    m_headerOnly = m_parser->get().method() == http::verb::head;
    if (beast::iequals(m_parser->get()[http::field::expect], "100-continue")) {
        sendContinue();
        return;
    }
    readBody();
}

/// RFC 9110, section 10.1.1: a client that sends "Expect: 100-continue" waits for this before it sends the body.
void HttpSession::sendContinue()
{
    auto message = std::make_shared<http::response<http::empty_body>>(http::status::continue_, m_version);
    http::async_write(m_stream, *message, [self = shared_from_this(), message](beast::error_code error, std::size_t) {
        if (!error) {
            self->readBody();
        }
    });
}

void HttpSession::readBody()
{
    http::async_read(m_stream, m_buffer, *m_parser,
                     [self = shared_from_this()](beast::error_code error, std::size_t) { self->bodyRead(error); });
}

void HttpSession::bodyRead(beast::error_code error)
{
    if (error) {
        refuse(error);
        return;
    }
    dispatch();
}

/// Answers a malformed message and closes the connection: it is not known where the next message would begin.
void HttpSession::refuse(beast::error_code error)
{
    const int status = statusOf(error);
    if (status == 0) {
        close();
        return;
    }
    m_keepAlive = false;
    send(m_settings.refusal(status));
}

/// Hands the request to the handler and takes the response from any thread. No time-out runs meanwhile: the handler's
/// time is not the peer's fault. The callback keeps the session alive.
void HttpSession::dispatch()
{
    auto request = requestOf(m_parser->release());
    m_parser.reset();
    beast::get_lowest_layer(m_stream).expires_never();
    m_settings.handler(std::move(request), [self = shared_from_this()](HttpResponse response) {
        asio::post(self->m_stream.get_executor(),
                   [self, response = std::move(response)]() mutable { self->send(std::move(response)); });
    });
}

void HttpSession::send(HttpResponse response)
{
    const bool keepOpen = m_keepAlive && !m_settings.draining;
    auto message =
        std::make_shared<http::response<http::string_body>>(messageOf(std::move(response), m_version, m_headerOnly));
    message->keep_alive(keepOpen);
    beast::get_lowest_layer(m_stream).expires_after(m_settings.limits.write);
    http::async_write(m_stream, *message,
                      [self = shared_from_this(), message, keepOpen](beast::error_code error, std::size_t) {
                          self->sent(error, keepOpen);
                      });
}

void HttpSession::sent(beast::error_code error, bool keepOpen)
{
    if (error || !keepOpen) {
        close();
        return;
    }
    awaitRequest();
}

/// Sends TLS close_notify, so that the peer can tell an orderly end from a cut connection. The destructor closes the
/// socket. One second at most: a peer that is gone does not answer.
void HttpSession::close()
{
    beast::get_lowest_layer(m_stream).expires_after(std::chrono::seconds{1});
    m_stream.async_shutdown([self = shared_from_this()](beast::error_code) {});
}

} // namespace enroll::app::service
