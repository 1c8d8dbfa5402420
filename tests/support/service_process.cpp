#include "tests/support/service_process.h"

#include "core/base/clock.h"

#include <QDir>
#include <QFile>
#include <QUrl>

namespace enroll::test {
namespace {

constexpr std::chrono::seconds kStartTimeout{30};
constexpr int kStopTimeoutMs = 10'000;

QString programPath()
{
    return QStringLiteral(ENROLL_BIN_DIR "/enroll-service");
}

/// What follows "listening on " on the first line that has it; empty if the process ended or said nothing in time.
QString awaitUrl(QProcess& process)
{
    const auto prefix = QByteArrayLiteral("listening on ");
    const auto deadline = Deadline::in(kStartTimeout);
    while (!deadline.passed() && process.state() != QProcess::NotRunning) {
        while (process.canReadLine()) {
            const auto line = process.readLine().trimmed();
            if (line.startsWith(prefix)) {
                return QString::fromUtf8(line.mid(prefix.size()));
            }
        }
        process.waitForReadyRead(static_cast<int>(deadline.left().count()));
    }
    return {};
}

} // namespace

ServiceProcess::ServiceProcess(ServiceProcessOptions options) : m_options(std::move(options))
{
    if (m_options.directory.isEmpty()) {
        m_ownDirectory = std::make_unique<QTemporaryDir>();
        m_options.directory = m_ownDirectory->filePath(QStringLiteral("service"));
    }
    start();
}

ServiceProcess::~ServiceProcess()
{
    kill();
}

QString ServiceProcess::connectionString() const
{
    QFile file{connectionStringFile()};
    if (!file.open(QIODevice::ReadOnly)) {
        qFatal("no connection string in %s", qPrintable(m_options.directory));
    }
    return QString::fromUtf8(file.readAll()).trimmed();
}

std::optional<int> ServiceProcess::terminate()
{
    m_process->terminate();
    if (!m_process->waitForFinished(kStopTimeoutMs) || m_process->exitStatus() != QProcess::NormalExit) {
        return std::nullopt;
    }
    return m_process->exitCode();
}

void ServiceProcess::kill()
{
    if (m_process->state() != QProcess::NotRunning) {
        m_process->kill();
        m_process->waitForFinished(kStopTimeoutMs);
    }
}

void ServiceProcess::start()
{
    QStringList arguments{QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"), QStringLiteral("--data"),
                          m_options.directory,        QStringLiteral("--id-scope"),  m_options.idScope};
    for (const auto& hub : m_options.hubs) {
        arguments << QStringLiteral("--hub") << hub;
    }
    m_process = std::make_unique<BoundProcess>();
    m_process->start(programPath(), arguments + m_options.arguments);
    m_url = awaitUrl(*m_process);
    if (m_url.isEmpty()) {
        qFatal("enroll-service did not start: %s", m_process->readAllStandardError().constData());
    }
    m_port = static_cast<quint16>(QUrl{m_url}.port(443));
}

} // namespace enroll::test
