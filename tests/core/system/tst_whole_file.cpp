#include "core/base/station_code.h"
#include "core/system/whole_file.h"
#include "tests/support/in_child.h"
#include "tests/support/odd_files.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace enroll;
using namespace enroll::system;

class TstWholeFile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsEveryByte();
    void readsAnEmptyFile();
    void takesAFileOfTheLimitAndNoneLonger();
    void readsToTheEndWhateverTheSizeWas();
    void namesWhatIsNoFile();
    void saysThatItMayNotBeRead();
    void tellsTheSameBytesFromOthers();

private:
    std::filesystem::path path(const char* name) const
    {
        return m_directory.filePath(QLatin1String(name)).toStdString();
    }

    QTemporaryDir m_directory;
};

void TstWholeFile::readsEveryByte()
{
    std::string content(200'000, '\0'); // more than one piece
    for (std::size_t i = 0; i < content.size(); ++i) {
        content[i] = static_cast<char>(i % 251);
    }
    std::ofstream{path("file"), std::ios::binary} << content;
    QCOMPARE(readWholeText(path("file"), content.size()).value(), content);
    QVERIFY(equalBytes(readWholeFile(path("file"), content.size()).value(), asBytes(content)));
}

void TstWholeFile::readsAnEmptyFile()
{
    std::ofstream{path("empty")}.close();
    QVERIFY(readWholeFile(path("empty"), 0).value().empty());
}

void TstWholeFile::takesAFileOfTheLimitAndNoneLonger()
{
    std::ofstream{path("ten")} << "0123456789";
    QVERIFY(readWholeText(path("ten"), 10).ok());
    const auto refused = readWholeText(path("ten"), 9);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::FileUnusable);
    QCOMPARE(refused.error().what, path("ten").string() + " cannot be read: it is longer than 9 bytes");
}

/// The kernel says of this file that it has no bytes, as of one that grows after it was asked.
void TstWholeFile::readsToTheEndWhateverTheSizeWas()
{
    QCOMPARE(std::filesystem::file_size("/proc/self/status"), 0U);
    QVERIFY(!readWholeText("/proc/self/status", 100'000).value().empty());
    QVERIFY(!readWholeText("/proc/self/status", 10).ok());
}

void TstWholeFile::namesWhatIsNoFile()
{
    for (const auto& kind : test::oddFiles()) {
        const auto file = path(kind.name);
        kind.make(file);
        const auto content = readWholeFile(file, 10);
        QVERIFY2(!content.ok(), kind.name);
        QVERIFY2(content.error().what.starts_with(file.string()), content.error().what.c_str());
        QVERIFY2(content.error().what.find(kind.said) != std::string::npos, content.error().what.c_str());
    }
}

void TstWholeFile::saysThatItMayNotBeRead()
{
    std::ofstream{path("closed")} << "x";
    std::filesystem::permissions(path("closed"), std::filesystem::perms::none);
    std::filesystem::permissions(path(""), std::filesystem::perms::all);
    QCOMPARE(test::resultInChild([this] {
                 test::becomeAnybody();
                 const auto content = readWholeFile(path("closed"), 10);
                 return !content.ok() && content.error().source == ErrorSource{Errno{EACCES}} ? 0 : 1;
             }),
             0);
}

void TstWholeFile::tellsTheSameBytesFromOthers()
{
    const std::string content(200'000, 'x');
    std::ofstream{path("one")} << content;
    std::ofstream{path("same")} << content;
    std::ofstream{path("longer")} << content + 'x';
    std::ofstream{path("other")} << content.substr(1) + 'y';
    std::filesystem::create_symlink("same", path("link"));
    QVERIFY(haveSameContent(path("one"), path("same")).value());
    for (const auto* name : {"longer", "other", "link", "nothing"}) {
        QVERIFY2(!haveSameContent(path("one"), path(name)).value(), name);
        QVERIFY2(!haveSameContent(path(name), path("one")).value(), name);
    }
    for (const auto& kind : test::oddFiles()) {
        const auto odd = path(("same as a " + std::string{kind.name}).c_str());
        kind.make(odd);
        QVERIFY2(!haveSameContent(path("one"), odd).value(), kind.name);
    }
}

QTEST_GUILESS_MAIN(TstWholeFile)
#include "tst_whole_file.moc"
