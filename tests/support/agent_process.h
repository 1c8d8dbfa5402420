#pragma once

#include "tests/support/bound_process.h"

#include <QStringList>

#include <memory>
#include <optional>
#include <string>

namespace enroll::test {

/// `enroll-agent` as a process of its own on a free port of loopback or a serial line, stopped with the fixture. Not starting within thirty
/// seconds ends the test program with what the agent said.
class AgentProcess {
public:
    /// \param tpm        the address of the TPM that it relays
    /// \param arguments  further ones, as they are
    /// \param listen     an address with port 0, or the path of a serial line
    explicit AgentProcess(const std::string& tpm, const QStringList& arguments = {},
                          const QString& listen = QStringLiteral("tcp://127.0.0.1:0"));

    static QString program();

    /// "tcp://127.0.0.1:41234"; of a serial line that of the agent's own end
    [[nodiscard]] std::string address() const { return m_address; }
    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] qint64 processId() const { return m_process->processId(); }

    /// Waits until standard error holds \p text, thirty seconds at most; false if it does not then.
    bool says(const QByteArray& text);
    /// What says() has read.
    [[nodiscard]] const QByteArray& said() const { return m_said; }

    /// SIGTERM, without waiting.
    void askToEnd() { m_process->terminate(); }
    /// What the process exits with; absent if it did not within thirty seconds.
    std::optional<int> awaitEnd();
    std::optional<int> terminate();

private:
    std::unique_ptr<BoundProcess> m_process;
    std::string m_address;
    std::uint16_t m_port = 0;
    QByteArray m_said;
};

} // namespace enroll::test
