#include "tests/support/scripted_https_server.h"

#include "tests/support/tls_authority.h"

#include <QFile>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QSslSocket>

#include <algorithm>
#include <optional>

namespace enroll::test {
namespace {

struct Head {
    RecordedRequest request;
    qsizetype end = 0; ///< behind the empty line
    qsizetype bodySize = 0;
};

std::string lowered(const QByteArray& text)
{
    return text.trimmed().toLower().toStdString();
}

/// Absent until the whole head has come.
std::optional<Head> parseHead(const QByteArray& buffer)
{
    const auto end = buffer.indexOf("\r\n\r\n");
    if (end < 0) {
        return {};
    }
    const auto lines = buffer.left(end).split('\n');
    const auto words = lines.first().trimmed().split(' ');
    Head head;
    head.end = end + 4;
    head.request.method = words.value(0).toStdString();
    head.request.target = words.value(1).toStdString();
    for (const auto& line : lines.mid(1)) {
        const auto colon = line.indexOf(':');
        head.request.headers[lowered(line.left(colon))] = line.mid(colon + 1).trimmed().toStdString();
    }
    const auto size = head.request.headers.find("content-length");
    head.bodySize = size == head.request.headers.end() ? 0 : QByteArray::fromStdString(size->second).toLongLong();
    return head;
}

QByteArray textOf(const ScriptedAnswer& answer)
{
    QByteArray text = "HTTP/1.1 " + QByteArray::number(answer.status) + " Scripted\r\n";
    text += "Content-Type: application/json; charset=utf-8\r\n";
    text += "Content-Length: " + QByteArray::number(answer.body.size()) + "\r\n";
    for (const auto& [name, value] : answer.headers) {
        text += name + ": " + value + "\r\n";
    }
    return text + "\r\n" + answer.body;
}

QSslConfiguration configurationFor(const TlsIdentity& identity)
{
    auto configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificate(QSslCertificate(QByteArray::fromStdString(identity.certificate), QSsl::Pem));
    configuration.setPrivateKey(QSslKey(QByteArray::fromStdString(identity.key), QSsl::Ec));
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    return configuration;
}

} // namespace

/// Lives on the server's thread.
class ScriptedHttpsServer::Worker : public QObject {
public:
    Worker(ScriptedHttpsServer& owner, const TlsIdentity& identity) : m_owner(owner), m_server(this)
    {
        m_server.setSslConfiguration(configurationFor(identity));
        connect(&m_server, &QSslServer::pendingConnectionAvailable, this, [this] { acceptAll(); });
    }

    quint16 listen()
    {
        m_server.listen(QHostAddress::LocalHost, 0);
        return m_server.serverPort();
    }

private:
    void acceptAll()
    {
        while (auto* socket = m_server.nextPendingConnection()) {
            const int number = countConnection();
            connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            connect(socket, &QTcpSocket::readyRead, this, [this, socket, number] { read(socket, number); });
            read(socket, number);
        }
    }

    int countConnection()
    {
        const std::lock_guard lock{m_owner.m_mutex};
        return ++m_owner.m_connections;
    }

    void read(QTcpSocket* socket, int number)
    {
        auto& buffer = m_buffers[number];
        buffer += socket->readAll();
        auto head = parseHead(buffer);
        if (!head || buffer.size() < head->end + head->bodySize) {
            return;
        }
        head->request.body = buffer.mid(head->end, head->bodySize);
        head->request.connection = number;
        buffer.remove(0, head->end + head->bodySize);
        reply(socket, decide(head->request));
    }

    ScriptedAnswer decide(const RecordedRequest& request)
    {
        Step step;
        {
            const std::lock_guard lock{m_owner.m_mutex};
            m_owner.m_requests.push_back(request);
            step = m_owner.m_otherwise;
            if (!m_owner.m_steps.empty()) {
                step = std::move(m_owner.m_steps.front());
                m_owner.m_steps.pop_front();
            }
        }
        return step(request);
    }

    static void reply(QTcpSocket* socket, const ScriptedAnswer& answer)
    {
        const auto text = textOf(answer);
        switch (answer.manner) {
        case Manner::Stall:
            return;
        case Manner::DropBefore:
            socket->abort();
            return;
        case Manner::DropInside:
            socket->write(text.left(text.size() - answer.body.size() / 2));
            socket->disconnectFromHost();
            return;
        case Manner::AnswerAndClose:
            socket->write(text);
            socket->disconnectFromHost();
            return;
        case Manner::Answer:
            socket->write(text);
            return;
        case Manner::EndlessHeaders:
            repeatHeader(socket, text);
            return;
        }
    }

    /// As fast as the client takes them.
    static void repeatHeader(QTcpSocket* socket, const QByteArray& text)
    {
        const auto headers = text.left(text.indexOf("\r\n\r\n") + 2);
        const auto last = headers.mid(headers.lastIndexOf("\r\n", headers.size() - 3) + 2);
        // Its bytesWritten() comes while it encrypts: what is written then is encrypted at once, and nothing ever leaves.
        auto* encrypted = qobject_cast<QSslSocket*>(socket);
        connect(encrypted, &QSslSocket::encryptedBytesWritten, socket, [encrypted, last] {
            if (encrypted->encryptedBytesToWrite() == 0) {
                encrypted->write(last);
            }
        });
        socket->write(headers);
    }

    ScriptedHttpsServer& m_owner;
    QSslServer m_server;
    std::map<int, QByteArray> m_buffers;
};

ScriptedHttpsServer::ScriptedHttpsServer(const std::string& alternativeNames)
    : m_otherwise([](const RecordedRequest&) { return refusal(404000, "nothing is scripted"); })
{
    const TlsAuthority authority;
    QFile ca(m_directory.filePath(QStringLiteral("ca.pem")));
    if (!ca.open(QIODevice::WriteOnly) || ca.write(QByteArray::fromStdString(authority.certificate())) < 0) {
        qFatal("cannot write the test authority");
    }
    m_worker = new Worker(*this, authority.issue(alternativeNames));
    m_worker->moveToThread(&m_thread);
    // The sockets must go on the thread that they live on.
    QObject::connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.start();
    QMetaObject::invokeMethod(
        m_worker, [this] { m_port = m_worker->listen(); }, Qt::BlockingQueuedConnection);
}

ScriptedHttpsServer::~ScriptedHttpsServer()
{
    m_thread.quit();
    m_thread.wait();
}

void ScriptedHttpsServer::then(Step step)
{
    const std::lock_guard lock{m_mutex};
    m_steps.push_back(std::move(step));
}

void ScriptedHttpsServer::then(ScriptedAnswer answer)
{
    then([answer = std::move(answer)](const RecordedRequest&) { return answer; });
}

void ScriptedHttpsServer::otherwise(Step step)
{
    const std::lock_guard lock{m_mutex};
    m_otherwise = std::move(step);
}

std::string ScriptedHttpsServer::authority() const
{
    return "127.0.0.1:" + std::to_string(m_port);
}

std::string ScriptedHttpsServer::caFile() const
{
    return m_directory.filePath(QStringLiteral("ca.pem")).toStdString();
}

std::vector<RecordedRequest> ScriptedHttpsServer::requests() const
{
    const std::lock_guard lock{m_mutex};
    return m_requests;
}

int ScriptedHttpsServer::connections() const
{
    const std::lock_guard lock{m_mutex};
    return m_connections;
}

ScriptedAnswer refusal(int errorCode, const QByteArray& message)
{
    ScriptedAnswer answer;
    answer.status = errorCode / 1000;
    answer.body = "{\"errorCode\":" + QByteArray::number(errorCode) +
                  ",\"trackingId\":\"8a5b9a6e-6b5c-4a55-9e07-2f3ed1f4f3c1\",\"message\":\"" + message +
                  "\",\"timestampUtc\":\"2026-11-23T20:14:03.1200000Z\"}";
    return answer;
}

} // namespace enroll::test
