#include "tests/app/chain/station_directory.h"

#include "tests/support/bound_process.h"

#include <QFile>
#include <QJsonDocument>

namespace enroll::test {
namespace {

constexpr int kLongestRunMs = 60'000;

constexpr auto kTrustedSoftware = R"(schema = 1
name = "Chain test"
version = "1"
[tpm]
allow_software = true
[certificate]
require = "trusted"
anchors = ["demo"]
)";

void writeFile(const QString& path, const QByteArray& content)
{
    QFile file{path};
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()) {
        qFatal("cannot write %s", qPrintable(path));
    }
}

} // namespace

StationDirectory::StationDirectory(const QString& destinationDirectory)
{
    QByteArray config =
        "schema = 1\n[station]\nid = \"CHAIN-1\"\ndata_dir = \"data\"\nprofile = \"test.profile.toml\"\n";
    if (!destinationDirectory.isEmpty()) {
        const auto directory = destinationDirectory.toUtf8();
        config += "[[destination]]\nname = \"service\"\nkind = \"dps\"\nconnection_string_file = \"" + directory +
                  "/connection-string\"\nca_file = \"" + directory + "/ca.pem\"\n";
    }
    writeFile(path(QStringLiteral("station.toml")), config);
    writeProfile(kTrustedSoftware);
}

void StationDirectory::writeProfile(const QByteArray& toml) const
{
    writeFile(path(QStringLiteral("test.profile.toml")), toml);
}

void StationDirectory::trust(const std::vector<std::filesystem::path>& certificates) const
{
    for (const auto& certificate : certificates) {
        const auto imported = run({QStringLiteral("trust"), QStringLiteral("import"), QStringLiteral("--set"),
                                   QStringLiteral("demo"), QString::fromStdString(certificate.string())});
        if (imported.exitCode != 0) {
            qFatal("trust import: %s", imported.errors.constData());
        }
    }
}

QString StationDirectory::program()
{
    return QStringLiteral(ENROLL_BIN_DIR "/enrollctl");
}

QStringList StationDirectory::arguments(const QStringList& arguments) const
{
    return QStringList{QStringLiteral("--config"), path(QStringLiteral("station.toml")), QStringLiteral("--json")} +
           arguments;
}

StationDirectory::Run StationDirectory::run(const QStringList& command) const
{
    BoundProcess process;
    process.start(program(), arguments(command));
    if (!process.waitForFinished(kLongestRunMs)) {
        qFatal("enrollctl %s did not end", qPrintable(command.join(QLatin1Char(' '))));
    }
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

QJsonObject StationDirectory::Run::document() const
{
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(output, &error);
    if (error.error != QJsonParseError::NoError) {
        qFatal("not one JSON document: %s\n%s\n%s", qPrintable(error.errorString()), output.constData(),
               errors.constData());
    }
    return document.object();
}

} // namespace enroll::test
