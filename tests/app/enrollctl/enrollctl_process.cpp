#include "tests/app/enrollctl/enrollctl_process.h"

#include "tests/support/bound_process.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>

namespace enroll::test {
namespace {

constexpr int kLongestRunMs = 60'000;

QProcessEnvironment cleanEnvironment(const QString& data)
{
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("ENROLL_DATA"), data);
    environment.insert(QStringLiteral("ENROLL_PROFILES"), QStringLiteral(ENROLL_SOURCE_DIR "/resources/profiles"));
    return environment;
}

} // namespace

bool CtlRun::isOneDocument() const
{
    QJsonParseError fault;
    const auto parsed = QJsonDocument::fromJson(output, &fault); // refuses whatever follows the first document
    return fault.error == QJsonParseError::NoError && parsed.isObject() && output.endsWith('\n');
}

QJsonObject CtlRun::document() const
{
    return QJsonDocument::fromJson(output).object();
}

QString CtlRun::text(const char* member) const
{
    return document().value(QLatin1String{member}).toString();
}

EnrollctlProcess::EnrollctlProcess()
{
    write(QStringLiteral("station.toml"), "schema = 1\n[station]\nid = \"TEST-1\"\nprofile = \"demo\"\n");
}

std::unique_ptr<QProcess> EnrollctlProcess::prepare(const QStringList& arguments) const
{
    std::unique_ptr<QProcess> process = std::make_unique<BoundProcess>();
    process->setProcessEnvironment(cleanEnvironment(dataDirectory()));
    const QStringList configuration{QStringLiteral("--config"), path(QStringLiteral("station.toml"))};
    process->setProgram(QStringLiteral(ENROLL_BIN_DIR "/enrollctl"));
    process->setArguments(arguments.contains(QStringLiteral("--config")) ? arguments : configuration + arguments);
    return process;
}

std::unique_ptr<QProcess> EnrollctlProcess::start(const QStringList& arguments) const
{
    auto process = prepare(arguments);
    process->start();
    return process;
}

CtlRun EnrollctlProcess::run(const QStringList& arguments) const
{
    const auto process = start(arguments);
    if (!process->waitForFinished(kLongestRunMs)) {
        qFatal("enrollctl %s did not end", qPrintable(arguments.join(QLatin1Char(' '))));
    }
    return {process->exitStatus() == QProcess::NormalExit ? process->exitCode() : -1, process->readAllStandardOutput(),
            process->readAllStandardError()};
}

void EnrollctlProcess::trust(const std::vector<std::filesystem::path>& certificates, const QString& set) const
{
    for (const auto& certificate : certificates) {
        const auto imported = run({QStringLiteral("trust"), QStringLiteral("import"), QStringLiteral("--set"), set,
                                   QString::fromStdString(certificate.string())});
        if (imported.exitCode != 0) {
            qFatal("trust import: %s", imported.errors.constData());
        }
    }
}

void EnrollctlProcess::trustSomebody(const QString& set) const
{
    trust({ENROLL_TEST_DATA "/certificates/swtpm-root.pem"}, set);
}

QString EnrollctlProcess::write(const QString& name, const QByteArray& content) const
{
    QDir{m_directory.path()}.mkpath(QFileInfo{name}.path());
    QFile file{path(name)};
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()) {
        qFatal("cannot write %s", qPrintable(file.fileName()));
    }
    return file.fileName();
}

} // namespace enroll::test
