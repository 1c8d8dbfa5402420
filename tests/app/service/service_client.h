#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QSslSocket>

namespace enroll::test {

class ServiceProcess;

/// An answer as it came.
struct ServiceAnswer {
    int status = 0;                       ///< 0: none came
    QMap<QByteArray, QByteArray> headers; ///< names in lower case
    QByteArray body;

    [[nodiscard]] QJsonObject json() const;
    /// errorCode of the service's error form; 0 if there is none.
    [[nodiscard]] int errorCode() const;
};

using Headers = QList<QPair<QByteArray, QByteArray>>;

/// One connection to the service, bytes under the test's control: what QNetworkAccessManager would not send (a GET with
/// a body, half a header) goes through here. Trusts the service's own authority and nothing else.
class ServiceClient {
public:
    explicit ServiceClient(const ServiceProcess& service);
    /// To whatever listens on this port of loopback with a certificate of the authority in \p caFile.
    ServiceClient(quint16 port, const QString& caFile);

    [[nodiscard]] bool isConnected() const;
    void sendRaw(const QByteArray& bytes);
    /// The next answer on this connection; status 0 if the connection closes or ten seconds pass without one.
    ServiceAnswer receive();
    /// The same of an answer that has no body whatever its header says, as that to a HEAD.
    ServiceAnswer receiveHeader();
    ServiceAnswer call(const QByteArray& method, const QByteArray& target, const Headers& headers = {},
                       const QByteArray& body = {});
    /// True once the service has closed the connection, within \p milliseconds.
    bool awaitClosed(int milliseconds);

private:
    bool fill(qsizetype least);

    QSslSocket m_socket;
    QByteArray m_received;
};

/// Calls of a back end: signed with the policy of the service's connection string, on one connection.
class BackEnd {
public:
    explicit BackEnd(const ServiceProcess& service);

    ServiceAnswer get(const QByteArray& path, const Headers& headers = {});
    ServiceAnswer put(const QByteArray& path, const QJsonObject& body, const Headers& headers = {});
    ServiceAnswer post(const QByteArray& path, const QJsonObject& body, const Headers& headers = {});
    ServiceAnswer remove(const QByteArray& path, const Headers& headers = {});

    /// A token of this back end's policy for \p resource, as it is to stand in the token.
    [[nodiscard]] QByteArray token(const QByteArray& resource) const;
    [[nodiscard]] QByteArray host() const { return m_host; }

private:
    ServiceAnswer call(const QByteArray& method, const QByteArray& path, const Headers& headers,
                       const QByteArray& body);

    ServiceClient m_client;
    QByteArray m_host;
    QByteArray m_policy;
    QByteArray m_key;
};

} // namespace enroll::test
