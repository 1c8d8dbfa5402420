#include "db/dps/https_client.h"

#include "core/base/cancellation.h"
#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/crypto/pem_file.h"
#include "core/transport/tcp_address.h"
#include "db/dps/received_bytes.h"
#include "db/dps/server_addresses.h"
#include "db/qt/values.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QTimer>
#include <QUrl>

#include <algorithm>
#include <cstring>

namespace enroll::db::dps {
namespace {

/// A request body that can be read once, and not before the request's beforeBody allows it.
///
/// Qt repeats a request by itself, up to three times, when the connection breaks before the answer. A creation would so be
/// sent a second time, although nobody knows what came of the first. Qt gives up with an error if the body cannot be
/// rewound, so this body cannot.
class OneWayBody final : public QIODevice {
public:
    explicit OneWayBody(const HttpRequest& request)
        : m_before(request.beforeBody), m_rest(request.body), m_size(static_cast<qint64>(request.body.size()))
    {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }

    /// Called if beforeBody forbids the body.
    void onRefusal(std::function<void()> call) { m_onRefusal = std::move(call); }
    [[nodiscard]] const std::optional<Error>& refusal() const noexcept { return m_refusal; }
    [[nodiscard]] bool isThere() const noexcept { return m_size > 0; }
    /// True if the request has a body and Qt has read nothing of it yet.
    [[nodiscard]] bool isHeldBack() const noexcept { return isThere() && !m_begun; }

    [[nodiscard]] qint64 size() const override { return m_size; }
    bool reset() override { return false; }
    bool seek(qint64 position) override { return position == pos(); }

protected:
    qint64 readData(char* data, qint64 most) override
    {
        if (!mayBegin()) {
            return 0;
        }
        const auto count = std::min(static_cast<std::size_t>(most), m_rest.size());
        std::memcpy(data, m_rest.data(), count);
        m_rest = m_rest.subspan(count);
        return static_cast<qint64>(count);
    }
    qint64 writeData(const char* /*data*/, qint64 /*most*/) override { return -1; }

private:
    /// Qt asks for the first byte once the connection stands and the headers have left.
    bool mayBegin()
    {
        if (m_refusal) {
            return false;
        }
        const auto allowed = m_begun || !m_before ? Result<void>{} : m_before();
        if (!allowed) {
            m_refusal = allowed.error();
            m_onRefusal();
            return false;
        }
        m_begun = true;
        return true;
    }

    const std::function<Result<void>()>& m_before;
    std::function<void()> m_onRefusal = [] {};
    ByteView m_rest;
    qint64 m_size;
    std::optional<Error> m_refusal;
    bool m_begun = false;
};

Result<QList<QSslCertificate>> readAuthorities(const std::filesystem::path& file)
{
    TRY_ASSIGN(const auto pem,
               prefixed("CA file: ", recoded(crypto::readCertificateFile(file), StationCode::ConfigurationInvalid)));
    auto certificates = QSslCertificate::fromData(qt::toQByteArray(pem), QSsl::Pem);
    if (certificates.isEmpty()) {
        return makeError(
            StationCode::ConfigurationInvalid,
            "CA file: " + file.string() +
                " contains no PEM certificate: name the file of the authority that vouches for the service");
    }
    return certificates;
}

Result<QSslConfiguration> tlsConfiguration(const std::filesystem::path& caFile)
{
    auto tls = QSslConfiguration::defaultConfiguration();
    tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    if (!caFile.empty()) {
        TRY_ASSIGN(const auto authorities, readAuthorities(caFile));
        tls.setCaCertificates(authorities);
    }
    return tls;
}

Result<QUrl> originOf(const std::string& authority)
{
    const QUrl url(QStringLiteral("https://") + qt::toQString(authority), QUrl::StrictMode);
    const bool plain = url.path().isEmpty() && !url.hasQuery() && !url.hasFragment() && url.userInfo().isEmpty();
    if (!url.isValid() || url.host().isEmpty() || !plain) {
        return makeError(StationCode::ConfigurationInvalid,
                         "HostName must be a host or host:port, and is '" + authority + "'");
    }
    return url;
}

/// True once the server's answer is whole, whatever its status says.
bool answered(const QNetworkReply& reply)
{
    const bool hasStatus = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).isValid();
    const auto error = reply.error();
    const bool statusError = error >= QNetworkReply::ContentAccessDenied && error < QNetworkReply::ProtocolFailure &&
                             error != QNetworkReply::ContentReSendError;
    const bool serverError = error >= QNetworkReply::InternalServerError;
    return hasStatus && (error == QNetworkReply::NoError || statusError || serverError);
}

struct Fault {
    ErrorCode code;
    Delivery delivery;
};

Fault faultOf(QNetworkReply::NetworkError error)
{
    switch (error) {
    case QNetworkReply::SslHandshakeFailedError:
        return {CloudCode::CertificateInvalid, Delivery::NotDelivered};
    case QNetworkReply::ConnectionRefusedError:
    case QNetworkReply::HostNotFoundError:
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyNotFoundError:
        return {CloudCode::Unreachable, Delivery::NotDelivered};
    case QNetworkReply::TimeoutError:
        return {CloudCode::TimedOut, Delivery::InDoubt};
    case QNetworkReply::ProtocolFailure:
        return {CloudCode::AnswerMalformed, Delivery::InDoubt};
    default:
        return {CloudCode::Unreachable, Delivery::InDoubt};
    }
}

HttpAnswer answerFrom(const QNetworkReply& reply, const QByteArray& body)
{
    HttpAnswer answer;
    answer.status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    for (const auto& [name, value] : reply.rawHeaderPairs()) {
        answer.headers.insert_or_assign(name.toLower().toStdString(), value.trimmed().toStdString());
    }
    answer.body = toBytes(asBytes({body.constData(), static_cast<std::size_t>(body.size())}));
    return answer;
}

std::size_t headerBytes(const QNetworkReply& reply)
{
    std::size_t bytes = 0;
    for (const auto& [name, value] : reply.rawHeaderPairs()) {
        bytes += static_cast<std::size_t>(name.size() + value.size());
    }
    return bytes;
}

/// More than the largest answer that is taken, with its headers, its framing and a TLS handshake. Qt keeps all of the
/// headers before it shows any, however many there are.
constexpr std::uint64_t kFlood = kMaxAnswerBytes + kMaxHeaderBytes + std::uint64_t{1024} * 1024;
constexpr std::chrono::milliseconds kLookForFlood{50};

/// One call under way.
class Call {
public:
    /// What the call is, and which server it asks, as its errors name them.
    struct Names {
        std::string operation;
        std::string server; ///< host:port
    };

    Call(std::unique_ptr<QNetworkReply> reply, OneWayBody& sent, Names names, const ReceivedBytes& received)
        : m_reply(std::move(reply)), m_sent(sent), m_names(std::move(names)), m_received(received)
    {
        m_sent.onRefusal([this] { m_loop.quit(); });
        QObject::connect(m_reply.get(), &QNetworkReply::readyRead, &m_loop, [this] { collect(); });
        QObject::connect(m_reply.get(), &QNetworkReply::finished, &m_loop, &QEventLoop::quit);
        QObject::connect(m_reply.get(), &QNetworkReply::requestSent, &m_loop, [this] { m_requestSent = true; });
    }

    /// Waits until \p connectBy for a connection, and until \p deadline for the whole answer.
    HttpOutcome wait(Deadline connectBy, Deadline deadline, const std::stop_token& stop)
    {
        const std::stop_callback wake(
            stop, [this] { QMetaObject::invokeMethod(&m_loop, &QEventLoop::quit, Qt::QueuedConnection); });
        QTimer::singleShot(deadline.left(), &m_loop, &QEventLoop::quit);
        QTimer::singleShot(connectBy.left(), &m_loop, [this] {
            if (nothingLeft()) {
                m_loop.quit();
            }
        });
        QTimer lookForFlood;
        QObject::connect(&lookForFlood, &QTimer::timeout, &m_loop, [this] {
            m_flooded = m_received.most() > kFlood;
            if (m_flooded) {
                m_loop.quit();
            }
        });
        lookForFlood.start(kLookForFlood);
        if (!m_reply->isFinished()) {
            m_loop.exec(QEventLoop::ExcludeUserInputEvents);
        }
        return outcome(stop);
    }

private:
    void collect()
    {
        m_body += m_reply->readAll();
        if (tooLarge()) {
            m_loop.quit();
        }
    }

    /// True while no byte that could change something has left: no byte of the body, or of the request if it has no body.
    [[nodiscard]] bool nothingLeft() const { return m_sent.isThere() ? m_sent.isHeldBack() : !m_requestSent; }
    [[nodiscard]] bool tooLarge() const { return static_cast<std::size_t>(m_body.size()) > kMaxAnswerBytes; }

    HttpOutcome outcome(const std::stop_token& stop)
    {
        if (tooLarge() || m_flooded) {
            return broken(CloudCode::AnswerMalformed, "the answer is larger than 4 MiB");
        }
        if (m_sent.refusal()) {
            return broken(*m_sent.refusal());
        }
        if (m_reply->isFinished()) {
            return finished();
        }
        if (stop.stop_requested()) {
            return broken(DeviceCode::Cancelled, "a stop was asked");
        }
        return broken(CloudCode::TimedOut, m_names.server + (nothingLeft() ? ": no connection before the deadline"
                                                                           : ": no whole answer before the deadline"));
    }

    HttpOutcome finished()
    {
        m_body += m_reply->readAll();
        if (tooLarge()) {
            return broken(CloudCode::AnswerMalformed, "the answer is larger than 4 MiB");
        }
        if (headerBytes(*m_reply) > kMaxHeaderBytes) {
            return broken(CloudCode::AnswerMalformed, "the answer's headers are larger than 64 KiB");
        }
        if (answered(*m_reply)) {
            return answerFrom(*m_reply, m_body);
        }
        const auto fault = faultOf(m_reply->error());
        return NoAnswer{makeError(fault.code, m_names.server + ": " + reason(), m_names.operation),
                        nothingLeft() ? Delivery::NotDelivered : fault.delivery};
    }

    [[nodiscard]] std::string reason() const
    {
        return m_reply->error() == QNetworkReply::ContentReSendError ? "the request would have to be sent a second time"
                                                                     : m_reply->errorString().toStdString();
    }

    HttpOutcome broken(ErrorCode code, std::string what)
    {
        return broken(makeError(code, std::move(what), m_names.operation));
    }

    HttpOutcome broken(Error error)
    {
        m_reply->disconnect(&m_loop);
        m_reply->abort();
        return NoAnswer{std::move(error), nothingLeft() ? Delivery::NotDelivered : Delivery::InDoubt};
    }

    QEventLoop m_loop;
    std::unique_ptr<QNetworkReply> m_reply;
    OneWayBody& m_sent;
    bool m_requestSent = false;
    Names m_names;
    QByteArray m_body;
    const ReceivedBytes& m_received;
    bool m_flooded = false;
};

std::string operationOf(const HttpRequest& request)
{
    return request.method + ' ' + request.target.substr(0, request.target.find('?'));
}

} // namespace

class HttpsClient::Private {
public:
    Private(const QSslConfiguration& configuration, QUrl server, ServerAddresses known)
        : tls(configuration), origin(std::move(server)), addresses(std::move(known))
    {
        network.setAutoDeleteReplies(false);
    }

    QNetworkAccessManager network;
    QSslConfiguration tls;
    QUrl origin;
    ServerAddresses addresses;

    /// The request to one address, of which the server's certificate need know nothing: it is verified against the name.
    [[nodiscard]] QNetworkRequest prepare(const HttpRequest& request, const QHostAddress& address) const
    {
        auto url = QUrl::fromEncoded(origin.toEncoded() + qt::toQByteArray(request.target), QUrl::StrictMode);
        url.setHost(address.toString());
        QNetworkRequest result(url);
        if (QHostAddress{origin.host()}.isNull()) {
            result.setPeerVerifyName(origin.host());
        }
        result.setRawHeader("Host", origin.authority(QUrl::FullyEncoded).toLatin1());
        result.setSslConfiguration(tls);
        result.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
        result.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
        result.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
        result.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
        result.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
        result.setRawHeader("Accept", "application/json");
        result.setRawHeader("Accept-Encoding", "identity");
        result.setRawHeader("User-Agent", "enroll-station/" ENROLL_VERSION);
        if (!request.authorization.empty()) {
            result.setRawHeader("Authorization", qt::toQByteArray(request.authorization));
        }
        if (!request.body.empty()) {
            result.setRawHeader("Content-Type", "application/json; charset=utf-8");
            result.setRawHeader("Content-Length", QByteArray::number(static_cast<qint64>(request.body.size())));
        }
        return result;
    }

    HttpOutcome callFirst(const HttpRequest& request, Deadline connectBy, Deadline deadline,
                          const std::stop_token& stop)
    {
        OneWayBody body(request);
        const ReceivedBytes received{addresses.first(), static_cast<std::uint16_t>(origin.port(443))};
        const auto prepared = prepare(request, addresses.first());
        const auto verb = qt::toQByteArray(request.method);
        std::unique_ptr<QNetworkReply> reply{request.body.empty() ? network.sendCustomRequest(prepared, verb)
                                                                  : network.sendCustomRequest(prepared, verb, &body)};
        const auto port = static_cast<std::uint16_t>(origin.port(443));
        const Call::Names names{operationOf(request), transport::tcpAddressText({origin.host().toStdString(), port})};
        return Call{std::move(reply), body, names, received}.wait(connectBy, deadline, stop);
    }

    /// Goes on to the next address only where nothing was delivered to the one before. Each has an equal share of the
    /// time that is left to find a connection.
    HttpOutcome callAny(const HttpRequest& request, Deadline deadline, const std::stop_token& stop)
    {
        for (auto left = static_cast<int>(addresses.count());; --left) {
            auto outcome = callFirst(request, Deadline::in(deadline.left() / left), deadline, stop);
            const auto* none = std::get_if<NoAnswer>(&outcome);
            if (none == nullptr || !mayBeTheAddress(*none)) {
                return outcome;
            }
            addresses.tryNext();
            if (none->delivery == Delivery::InDoubt) {
                return outcome;
            }
            if (left == 1) {
                addresses.forget();
                return outcome;
            }
        }
    }

    static bool mayBeTheAddress(const NoAnswer& none)
    {
        return none.error.code == CloudCode::Unreachable || none.error.code == CloudCode::TimedOut;
    }
};

Result<void> requireAuthority(const std::string& authority)
{
    TRY(originOf(authority));
    return {};
}

Result<std::unique_ptr<HttpsClient>> HttpsClient::create(const HttpsServer& server)
{
    TRY_ASSIGN(const auto tls, tlsConfiguration(server.caFile));
    TRY_ASSIGN(auto origin, originOf(server.authority));
    const auto host = origin.host(QUrl::FullyEncoded).toStdString();
    const auto port = static_cast<std::uint16_t>(origin.port(443));
    auto d = std::make_unique<Private>(tls, std::move(origin), ServerAddresses{host, port});
    return std::unique_ptr<HttpsClient>(new HttpsClient(std::move(d)));
}

HttpsClient::HttpsClient(std::unique_ptr<Private> d) noexcept : m_d(std::move(d)) {}
HttpsClient::~HttpsClient() = default;

HttpOutcome HttpsClient::exchange(const HttpRequest& request, Deadline deadline, const std::stop_token& stop)
{
    if (stop.stop_requested()) {
        return NoAnswer{stopAsked(operationOf(request)), Delivery::NotDelivered};
    }
    if (auto found = m_d->addresses.find(deadline, stop); !found) {
        return NoAnswer{std::move(found).error(), Delivery::NotDelivered};
    }
    return m_d->callAny(request, deadline, stop);
}

} // namespace enroll::db::dps
