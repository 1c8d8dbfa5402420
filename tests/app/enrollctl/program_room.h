#pragma once

#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#include <memory>

/// A station's files in a directory that each test function gets anew, and the program run inside this process.
class ProgramRoom : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

protected:
    struct Run {
        int exitCode;
        QByteArray output;
        QString errors;
        [[nodiscard]] QJsonObject document() const { return QJsonDocument::fromJson(output).object(); }
    };
    [[nodiscard]] Run run(const QStringList& arguments) const;
    [[nodiscard]] QString path(const QString& name) const { return m_directory->filePath(name); }
    [[nodiscard]] QString directory() const { return m_directory->path(); }
    /// The path of the file that it wrote.
    QString write(const QString& name, const QByteArray& content) const;

private:
    std::unique_ptr<QTemporaryDir> m_directory;
};
