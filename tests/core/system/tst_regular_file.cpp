#include "core/base/station_code.h"
#include "core/system/regular_file.h"
#include "tests/support/in_child.h"
#include "tests/support/odd_files.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <sys/stat.h>

using namespace enroll;
using namespace enroll::system;

class TstRegularFile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tellsAFileFromNone();
    void followsLinks();
    void tellsALinkFromWhatItLeadsTo();
    void namesWhatIsNoFile_data();
    void namesWhatIsNoFile();
    void saysThatAFolderMayNotBeSearched();
    void makesAPrivateFileOnce();
    void makesNoPrivateFileWhereSomethingElseIs_data() { namesWhatIsNoFile_data(); }
    void makesNoPrivateFileWhereSomethingElseIs();

private:
    std::filesystem::path path(const char* name) const
    {
        return m_directory.filePath(QLatin1String(name)).toStdString();
    }

    QTemporaryDir m_directory;
};

void TstRegularFile::tellsAFileFromNone()
{
    std::ofstream{path("there")} << "x";
    QVERIFY(fileIsThere(path("there")).value());
    QVERIFY(!fileIsThere(path("none")).value());
    QVERIFY(openRegularFile(path("there")).value().valid());

    const auto opened = openRegularFile(path("none"));
    QVERIFY(!opened.ok());
    QCOMPARE(opened.error().code, StationCode::FileUnusable);
    QCOMPARE(opened.error().source, ErrorSource{Errno{ENOENT}});
    QVERIFY(opened.error().what.starts_with(path("none").string()));
}

void TstRegularFile::followsLinks()
{
    std::ofstream{path("goal")} << "x";
    std::filesystem::create_symlink("goal", path("link"));
    std::filesystem::create_symlink("nowhere", path("dangling"));
    QVERIFY(fileIsThere(path("link")).value());
    QVERIFY(!fileIsThere(path("dangling")).value());
}

void TstRegularFile::tellsALinkFromWhatItLeadsTo()
{
    const QTemporaryDir directory;
    const auto at = [&](const char* name) {
        return std::filesystem::path{directory.filePath(QLatin1String(name)).toStdString()};
    };
    std::ofstream{at("file")} << "x";
    std::filesystem::create_directory(at("folder"));
    std::filesystem::create_symlink("file", at("link"));
    std::filesystem::create_directory_symlink("folder", at("folder-link"));
    std::filesystem::create_symlink("nowhere", at("dangling"));
    std::filesystem::create_symlink("circle", at("circle"));
    for (const auto* name : {"link", "folder-link", "dangling", "circle"}) {
        QVERIFY2(isLink(at(name)), name);
        QVERIFY2(isAnythingThere(at(name)), name);
    }
    for (const auto* name : {"file", "folder", "folder-link/."}) {
        QVERIFY2(!isLink(at(name)), name);
        QVERIFY2(isAnythingThere(at(name)), name);
    }
    for (const auto* name : {"none", "none/below", "file/below"}) {
        QVERIFY2(!isLink(at(name)), name);
        QVERIFY2(!isAnythingThere(at(name)), name);
    }
}

void TstRegularFile::namesWhatIsNoFile_data()
{
    QTest::addColumn<int>("odd");
    for (int i = 0; i < static_cast<int>(test::oddFiles().size()); ++i) {
        QTest::newRow(test::oddFiles()[static_cast<std::size_t>(i)].name) << i;
    }
}

void TstRegularFile::namesWhatIsNoFile()
{
    QFETCH(int, odd);
    const auto& kind = test::oddFiles()[static_cast<std::size_t>(odd)];
    const QTemporaryDir directory;
    const std::filesystem::path file{directory.filePath(QStringLiteral("odd")).toStdString()};
    kind.make(file);
    const auto there = fileIsThere(file);
    const auto opened = openRegularFile(file);
    QVERIFY(!there.ok());
    QVERIFY(!opened.ok());
    for (const auto& error : {there.error(), opened.error()}) {
        QCOMPARE(error.code, StationCode::FileUnusable);
        QVERIFY2(error.what.starts_with(file.string()), error.what.c_str());
        QVERIFY2(error.what.find(kind.said) != std::string::npos, error.what.c_str());
    }
}

void TstRegularFile::saysThatAFolderMayNotBeSearched()
{
    std::filesystem::create_directory(path("closed"));
    std::ofstream{path("closed/file")} << "x";
    std::filesystem::permissions(path("closed"), std::filesystem::perms::none);
    std::filesystem::permissions(path(""), std::filesystem::perms::all);
    const int result = test::resultInChild([this] {
        test::becomeAnybody();
        const auto there = fileIsThere(path("closed/file"));
        return !there.ok() && there.error().source == ErrorSource{Errno{EACCES}} ? 0 : 1;
    });
    std::filesystem::permissions(path("closed"), std::filesystem::perms::owner_all);
    QCOMPARE(result, 0);
}

void TstRegularFile::makesAPrivateFileOnce()
{
    QVERIFY(makePrivateFile(path("private")).ok());
    struct stat status {};
    QCOMPARE(::stat(path("private").c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0600U);

    std::ofstream{path("private")} << "kept";
    QVERIFY(makePrivateFile(path("private")).ok());
    QCOMPARE(std::filesystem::file_size(path("private")), 4U);
}

void TstRegularFile::makesNoPrivateFileWhereSomethingElseIs()
{
    QFETCH(int, odd);
    const QTemporaryDir directory;
    const std::filesystem::path file{directory.filePath(QStringLiteral("odd")).toStdString()};
    test::oddFiles()[static_cast<std::size_t>(odd)].make(file);
    const auto made = makePrivateFile(file);
    QVERIFY(!made.ok());
    QCOMPARE(made.error().code, StationCode::FileUnusable);
    QVERIFY2(made.error().what.starts_with(file.string()), made.error().what.c_str());
}

QTEST_GUILESS_MAIN(TstRegularFile)
#include "tst_regular_file.moc"
