#include "tests/app/service/service_client.h"

#include "core/crypto/sas_token.h"
#include "tests/support/must.h"
#include "tests/support/service_process.h"

#include <QJsonDocument>
#include <QSslCertificate>
#include <QSslConfiguration>

namespace enroll::test {
namespace {

constexpr int kTimeoutMs = 10'000;

QByteArray withVersion(const QByteArray& path)
{
    return path.contains('?') ? path : path + "?api-version=2021-10-01";
}

} // namespace

QJsonObject ServiceAnswer::json() const
{
    return QJsonDocument::fromJson(body).object();
}

int ServiceAnswer::errorCode() const
{
    return json().value(QLatin1String("errorCode")).toInt();
}

ServiceClient::ServiceClient(const ServiceProcess& service) : ServiceClient(service.port(), service.caFile()) {}

ServiceClient::ServiceClient(quint16 port, const QString& caFile)
{
    auto configuration = QSslConfiguration::defaultConfiguration();
    configuration.setCaCertificates(QSslCertificate::fromPath(caFile));
    m_socket.setSslConfiguration(configuration);
    m_socket.connectToHostEncrypted(QStringLiteral("127.0.0.1"), port);
    m_socket.waitForEncrypted(kTimeoutMs);
}

bool ServiceClient::isConnected() const
{
    return m_socket.isEncrypted();
}

void ServiceClient::sendRaw(const QByteArray& bytes)
{
    m_socket.write(bytes);
    m_socket.flush();
}

bool ServiceClient::fill(qsizetype least)
{
    while (m_received.size() < least) {
        if (m_socket.bytesAvailable() == 0 && !m_socket.waitForReadyRead(kTimeoutMs)) {
            return false;
        }
        m_received += m_socket.readAll();
    }
    return true;
}

ServiceAnswer ServiceClient::receiveHeader()
{
    while (!m_received.contains("\r\n\r\n")) {
        if (!fill(m_received.size() + 1)) {
            return {};
        }
    }
    ServiceAnswer answer;
    const auto end = m_received.indexOf("\r\n\r\n");
    const auto lines = m_received.left(end).split('\n');
    answer.status = lines.front().split(' ').value(1).toInt();
    for (const auto& line : lines.mid(1)) {
        const auto colon = line.indexOf(':');
        answer.headers.insert(line.left(colon).toLower(), line.mid(colon + 1).trimmed());
    }
    m_received.remove(0, end + 4);
    return answer;
}

ServiceAnswer ServiceClient::receive()
{
    auto answer = receiveHeader();
    const auto size = answer.headers.value("content-length").toLongLong();
    if (!fill(size)) {
        return {};
    }
    answer.body = m_received.left(size);
    m_received.remove(0, size);
    return answer;
}

ServiceAnswer ServiceClient::call(const QByteArray& method, const QByteArray& target, const Headers& headers,
                                  const QByteArray& body)
{
    QByteArray request = method + ' ' + target + " HTTP/1.1\r\n";
    for (const auto& [name, value] : headers) {
        request += name + ": " + value + "\r\n";
    }
    if (!body.isEmpty()) {
        request += "Content-Type: application/json; charset=utf-8\r\n";
    }
    request += "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
    sendRaw(request);
    return receive();
}

bool ServiceClient::awaitClosed(int milliseconds)
{
    return m_socket.state() == QAbstractSocket::UnconnectedState || m_socket.waitForDisconnected(milliseconds);
}

BackEnd::BackEnd(const ServiceProcess& service) : m_client(service)
{
    const auto parts = must(crypto::parseConnectionString(service.connectionString().toStdString()));
    m_host = QByteArray::fromStdString(parts.host);
    m_policy = QByteArray::fromStdString(parts.policy);
    m_key = QByteArray::fromStdString(std::string{asText(parts.key.view())});
}

ServiceAnswer BackEnd::get(const QByteArray& path, const Headers& headers)
{
    return call("GET", path, headers, {});
}

ServiceAnswer BackEnd::put(const QByteArray& path, const QJsonObject& body, const Headers& headers)
{
    return call("PUT", path, headers, QJsonDocument{body}.toJson());
}

ServiceAnswer BackEnd::post(const QByteArray& path, const QJsonObject& body, const Headers& headers)
{
    return call("POST", path, headers, QJsonDocument{body}.toJson());
}

ServiceAnswer BackEnd::remove(const QByteArray& path, const Headers& headers)
{
    return call("DELETE", path, headers, {});
}

QByteArray BackEnd::token(const QByteArray& resource) const
{
    const auto expiry = utcNow() + std::chrono::hours{1};
    const auto key = m_key.toStdString();
    return QByteArray::fromStdString(
        must(crypto::makeSasToken(resource.toStdString(), expiry, asBytes(key), m_policy.toStdString())));
}

ServiceAnswer BackEnd::call(const QByteArray& method, const QByteArray& path, const Headers& headers,
                            const QByteArray& body)
{
    Headers all{{"Host", m_host}, {"Authorization", token(m_host)}};
    all += headers;
    return m_client.call(method, withVersion(path), all, body);
}

} // namespace enroll::test
