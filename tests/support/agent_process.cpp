#include "tests/support/agent_process.h"

#include "core/base/clock.h"

#include <QUrl>

namespace enroll::test {
namespace {

constexpr std::chrono::seconds kPatience{30};

/// What follows "listening on " on the first line; empty if the process ended or said nothing in time.
QString awaitAddress(QProcess& process)
{
    const auto deadline = Deadline::in(kPatience);
    while (!deadline.passed() && process.state() != QProcess::NotRunning && !process.canReadLine()) {
        process.waitForReadyRead(static_cast<int>(deadline.left().count()));
    }
    const auto prefix = QByteArrayLiteral("listening on ");
    const auto line = process.readLine().trimmed();
    return line.startsWith(prefix) ? QString::fromUtf8(line.mid(prefix.size())) : QString{};
}

} // namespace

AgentProcess::AgentProcess(const std::string& tpm, const QStringList& arguments, const QString& listen)
    : m_process(std::make_unique<BoundProcess>())
{
    m_process->start(program(), QStringList{QStringLiteral("--tpm"), QString::fromStdString(tpm),
                                            listen.startsWith(QLatin1Char('/')) ? QStringLiteral("--serial")
                                                                                : QStringLiteral("--listen"),
                                            listen} +
                                    arguments);
    const auto address = awaitAddress(*m_process);
    if (address.isEmpty()) {
        qFatal("enroll-agent did not start: %s", m_process->readAllStandardError().constData());
    }
    m_address = address.toStdString();
    m_port = static_cast<std::uint16_t>(QUrl{address}.port(0));
}

QString AgentProcess::program()
{
    return QStringLiteral(ENROLL_BIN_DIR "/enroll-agent");
}

bool AgentProcess::says(const QByteArray& text)
{
    const auto deadline = Deadline::in(kPatience);
    for (;;) {
        m_said += m_process->readAllStandardError();
        if (m_said.contains(text) || deadline.passed() || m_process->state() == QProcess::NotRunning) {
            return m_said.contains(text);
        }
        m_process->setReadChannel(QProcess::StandardError);
        m_process->waitForReadyRead(static_cast<int>(deadline.left().count()));
    }
}

std::optional<int> AgentProcess::awaitEnd()
{
    const auto patience = static_cast<int>(std::chrono::milliseconds{kPatience}.count());
    const bool ended = m_process->state() == QProcess::NotRunning || m_process->waitForFinished(patience);
    return ended && m_process->exitStatus() == QProcess::NormalExit ? std::optional{m_process->exitCode()}
                                                                    : std::nullopt;
}

std::optional<int> AgentProcess::terminate()
{
    askToEnd();
    return awaitEnd();
}

} // namespace enroll::test
