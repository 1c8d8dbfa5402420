#include "tests/app/enrollctl/program_room.h"

#include "app/enrollctl/program.h"

#include <QFile>

#include <sstream>

using namespace enroll;
using namespace enroll::app::enrollctl;

void ProgramRoom::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    qputenv("ENROLL_DATA", path(QStringLiteral("data")).toUtf8());
    qputenv("ENROLL_CONFIG", write(QStringLiteral("station.toml"), "schema = 1\n[station]\nid = \"T\"\n").toUtf8());
    qputenv("ENROLL_PROFILES", ENROLL_SOURCE_DIR "/resources/profiles");
}

void ProgramRoom::cleanup()
{
    m_directory.reset();
}

ProgramRoom::Run ProgramRoom::run(const QStringList& arguments) const
{
    std::vector<std::string> words;
    for (const auto& argument : arguments) {
        words.push_back(argument.toStdString());
    }
    std::ostringstream out;
    std::ostringstream err;
    Output output{out, err};
    const auto code = runProgram(words, output, Colour::Plain, {});
    return {static_cast<int>(code), QByteArray::fromStdString(out.str()), QString::fromStdString(err.str())};
}

QString ProgramRoom::write(const QString& name, const QByteArray& content) const
{
    QFile file{path(name)};
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()) {
        qFatal("cannot write %s", qPrintable(file.fileName()));
    }
    return file.fileName();
}
