#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <filesystem>
#include <memory>
#include <vector>

namespace enroll::test {

/// What one run of enrollctl said.
struct CtlRun {
    int exitCode = -1;
    QByteArray output;
    QByteArray errors;

    /// True if standard output is one JSON document and a line feed, and nothing else.
    [[nodiscard]] bool isOneDocument() const;
    /// The document; empty if there is not exactly one.
    [[nodiscard]] QJsonObject document() const;
    /// A text member of the document, "" where it is absent or null.
    [[nodiscard]] QString text(const char* member) const;
};

/// The program `enrollctl` on a data directory of its own, with the shipped demonstration profile unless an argument
/// says otherwise. The machine's own configuration plays no part.
class EnrollctlProcess {
public:
    EnrollctlProcess();

    /// Runs to the end; ends the test program if that takes more than a minute.
    [[nodiscard]] CtlRun run(const QStringList& arguments) const;
    /// A process that is ready to be started, for what must be set before.
    [[nodiscard]] std::unique_ptr<QProcess> prepare(const QStringList& arguments) const;
    /// Starts and hands over the process.
    [[nodiscard]] std::unique_ptr<QProcess> start(const QStringList& arguments) const;
    /// Imports each into \p set; ends the test program where that fails.
    void trust(const std::vector<std::filesystem::path>& certificates,
               const QString& set = QStringLiteral("demo")) const;
    /// Likewise an authority that vouches for no device of a test: without any, nothing is tested.
    void trustSomebody(const QString& set = QStringLiteral("demo")) const;

    [[nodiscard]] QString dataDirectory() const { return m_directory.filePath(QStringLiteral("data")); }
    [[nodiscard]] QString path(const QString& name) const { return m_directory.filePath(name); }
    /// Writes a file below the directory of this object and returns its path.
    QString write(const QString& name, const QByteArray& content) const;

private:
    QTemporaryDir m_directory;
};

} // namespace enroll::test
