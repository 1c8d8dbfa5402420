#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <filesystem>
#include <vector>

namespace enroll::test {

/// A station of its own for a test: configuration, profile and data below one temporary directory, and `enrollctl` run
/// on it.
class StationDirectory {
public:
    /// \p destinationDirectory is the data directory of an enroll-service (connection-string, ca.pem); empty: no
    /// destination.
    explicit StationDirectory(const QString& destinationDirectory = {});

    struct Run {
        int exitCode = -1;
        QByteArray output;
        QByteArray errors;
        [[nodiscard]] QJsonObject document() const; ///< the one JSON document on standard output
    };

    /// Replaces the profile, which is "software TPMs welcome, trusted certificate required" at first.
    void writeProfile(const QByteArray& toml) const;
    void trust(const std::vector<std::filesystem::path>& certificates) const;

    /// Runs enrollctl to its end with --config and --json; ends the test program if it takes more than a minute.
    [[nodiscard]] Run run(const QStringList& arguments) const;
    /// Program and arguments of the same, for a test that wants the process in its own hands.
    [[nodiscard]] QStringList arguments(const QStringList& arguments) const;
    static QString program();

    [[nodiscard]] QString path(const QString& name) const { return m_directory.filePath(name); }

private:
    QTemporaryDir m_directory;
};

} // namespace enroll::test
