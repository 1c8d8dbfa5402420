#pragma once

#include "tests/support/bound_process.h"

#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>
#include <optional>

namespace enroll::test {

/// How a ServiceProcess is started.
struct ServiceProcessOptions {
    QString directory = {};                          ///< data directory; empty: one of the fixture's own
    QString idScope = QStringLiteral("0ne00000001"); ///< --id-scope
    QStringList hubs{QStringLiteral("hub.test")};    ///< --hub, once each
    QStringList arguments = {};                      ///< further arguments, as they are
};

/// `enroll-service` as a process of its own on a free port of loopback, stopped with the fixture. Not starting within
/// thirty seconds ends the test program with what the service said.
class ServiceProcess {
public:
    explicit ServiceProcess(ServiceProcessOptions options = {});
    ~ServiceProcess();
    ServiceProcess(const ServiceProcess&) = delete;
    ServiceProcess& operator=(const ServiceProcess&) = delete;

    /// "https://127.0.0.1:41234", no slash at the end.
    [[nodiscard]] QString url() const { return m_url; }
    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] QString idScope() const { return m_options.idScope; }
    [[nodiscard]] QString directory() const { return m_options.directory; }
    /// The authority to trust, PEM.
    [[nodiscard]] QString caFile() const { return m_options.directory + QStringLiteral("/ca.pem"); }
    [[nodiscard]] QString connectionStringFile() const
    {
        return m_options.directory + QStringLiteral("/connection-string");
    }
    /// The content of connectionStringFile(), without its line feed.
    [[nodiscard]] QString connectionString() const;
    [[nodiscard]] qint64 processId() const { return m_process->processId(); }

    /// SIGTERM, and what the process exits with; absent if it did not within ten seconds.
    std::optional<int> terminate();
    /// SIGKILL: as a power cut.
    void kill();
    /// A new process on the same data directory; the port changes.
    void start();

private:
    ServiceProcessOptions m_options;
    std::unique_ptr<QTemporaryDir> m_ownDirectory;
    std::unique_ptr<BoundProcess> m_process;
    QString m_url;
    quint16 m_port = 0;
};

} // namespace enroll::test
