#include "core/base/station_code.h"
#include "core/system/durable_file.h"
#include "core/system/whole_file.h"
#include "core/system/write_signals.h"
#include "tests/support/full_disk.h"
#include "tests/support/in_child.h"
#include "tests/support/odd_files.h"

#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <fstream>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace enroll;
using namespace enroll::system;

namespace {

std::size_t entriesIn(const std::filesystem::path& folder)
{
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator{folder}, {}));
}

unsigned modeOf(const std::filesystem::path& file)
{
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 ? status.st_mode & 0777U : 0U;
}

} // namespace

class TstDurableFile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void replacesTheWholeContent();
    void appearsOnlyWhenCommitted();
    void givesTheModeItIsTold();
    void keepsTheModeOfWhatItReplaces();
    void followsALink();
    void movesToAFreeNameAlone();
    void movesALinkItself();
    void writesANewFileInThePlaceOfNothing();
    void namesWhatIsNoFile();
    void namesAFolderThatIsNotThere();
    void namesAFolderThatMayNotBeWritten();
    void aFileThatGrowsTooLargeIsAnError();
    void withoutTheSignalIgnoredTheProcessWouldEnd();

private:
    std::filesystem::path path(const char* name) const { return m_folder / name; }

    QTemporaryDir m_directory;
    std::filesystem::path m_folder;
};

void TstDurableFile::init()
{
    m_folder = std::filesystem::path{m_directory.path().toStdString()} / QTest::currentTestFunction();
    std::filesystem::create_directory(m_folder);
    std::ofstream{path("file")} << "before";
}

void TstDurableFile::replacesTheWholeContent()
{
    QVERIFY(writeDurably(path("file"), asBytes("new"), FileMode::OwnerOnly).ok());
    QCOMPARE(readWholeText(path("file"), 100).value(), std::string{"new"});
    QCOMPARE(entriesIn(m_folder), 1U);
}

void TstDurableFile::appearsOnlyWhenCommitted()
{
    {
        auto file = DurableFile::create(path("file"), FileMode::OwnerOnly).value();
        QVERIFY(file.write(asBytes("half")).ok());
        QCOMPARE(readWholeText(path("file"), 100).value(), std::string{"before"});
    }
    QCOMPARE(readWholeText(path("file"), 100).value(), std::string{"before"});
    QCOMPARE(entriesIn(m_folder), 1U); // the draft is gone
}

void TstDurableFile::givesTheModeItIsTold()
{
    const mode_t usual = ::umask(0027);
    QVERIFY(writeDurably(path("secret"), asBytes("x"), FileMode::OwnerOnly).ok());
    QVERIFY(writeDurably(path("public"), asBytes("x"), FileMode::AnyReader).ok());
    QVERIFY(writeDurably(path("usual"), asBytes("x"), FileMode::Usual).ok());
    ::umask(usual);
    QCOMPARE(modeOf(path("secret")), 0600U);
    QCOMPARE(modeOf(path("public")), 0644U);
    QCOMPARE(modeOf(path("usual")), 0640U);
}

void TstDurableFile::keepsTheModeOfWhatItReplaces()
{
    std::filesystem::permissions(path("file"), std::filesystem::perms{0604});
    QVERIFY(writeDurably(path("file"), asBytes("x"), FileMode::Usual).ok());
    QCOMPARE(modeOf(path("file")), 0604U);
    QVERIFY(writeDurably(path("file"), asBytes("x"), FileMode::OwnerOnly).ok());
    QCOMPARE(modeOf(path("file")), 0600U);
}

void TstDurableFile::followsALink()
{
    std::filesystem::create_symlink("file", path("link"));
    std::filesystem::create_symlink("new", path("dangling"));
    QVERIFY(writeDurably(path("link"), asBytes("through"), FileMode::OwnerOnly).ok());
    QVERIFY(writeDurably(path("dangling"), asBytes("made"), FileMode::OwnerOnly).ok());
    QVERIFY(std::filesystem::is_symlink(path("link")));
    QCOMPARE(readWholeText(path("file"), 100).value(), std::string{"through"});
    QCOMPARE(readWholeText(path("new"), 100).value(), std::string{"made"});
}

void TstDurableFile::movesToAFreeNameAlone()
{
    std::filesystem::create_symlink("nowhere", path("dangling"));
    std::ofstream{path("draft")} << "new";
    QVERIFY(!moveToFreeName(path("draft"), path("file")).value());
    QVERIFY(!moveToFreeName(path("draft"), path("dangling")).value());
    QCOMPARE(readWholeText(path("file"), 100).value(), std::string{"before"});
    QVERIFY(moveToFreeName(path("draft"), path("free")).value());
    QCOMPARE(readWholeText(path("free"), 100).value(), std::string{"new"});
    QVERIFY(!std::filesystem::exists(path("draft")));
    QVERIFY(!moveToFreeName(path("none"), path("another")).ok());
}

void TstDurableFile::movesALinkItself()
{
    for (const auto* target : {"file", "nowhere"}) {
        const auto link = path("link");
        const auto moved = path("moved-") += target;
        std::filesystem::create_symlink(target, link);
        QVERIFY(!moveToFreeName(link, path("file")).value());
        QVERIFY(moveToFreeName(link, moved).value());
        QVERIFY(std::filesystem::read_symlink(moved) == target);
        QVERIFY(!std::filesystem::is_symlink(std::filesystem::symlink_status(link)));
        QCOMPARE(readWholeText(path("file"), 100).value(), std::string{"before"});
    }
}

void TstDurableFile::writesANewFileInThePlaceOfNothing()
{
    QVERIFY(!writeToFreeName(path("file"), asBytes("new"), FileMode::AnyReader).value());
    QCOMPARE(readWholeText(path("file"), 100).value(), std::string{"before"});
    std::filesystem::create_symlink("nowhere", path("dangling"));
    QVERIFY(!writeToFreeName(path("dangling"), asBytes("new"), FileMode::AnyReader).value());
    QVERIFY(!std::filesystem::exists(path("nowhere")));
    QVERIFY(writeToFreeName(path("free"), asBytes("new"), FileMode::AnyReader).value());
    QCOMPARE(readWholeText(path("free"), 100).value(), std::string{"new"});
    QCOMPARE(modeOf(path("free")), 0644U);
    QVERIFY(!writeToFreeName(path("none/below"), asBytes("new"), FileMode::AnyReader).ok());
    const auto drafts = std::ranges::count_if(std::filesystem::directory_iterator{path("")},
                                              [](const auto& entry) { return entry.path().extension() == ".new"; });
    QCOMPARE(drafts, 0); // also of the one that found its name taken
}

void TstDurableFile::namesWhatIsNoFile()
{
    for (const auto& kind : test::oddFiles()) {
        const auto file = path(kind.name);
        kind.make(file);
        const auto written = writeDurably(file, asBytes("x"), FileMode::OwnerOnly);
        QVERIFY2(!written.ok(), kind.name);
        QCOMPARE(written.error().code, StationCode::FileUnusable);
        QVERIFY2(written.error().what.starts_with(file.string()), written.error().what.c_str());
        QVERIFY2(written.error().what.find(kind.said) != std::string::npos, written.error().what.c_str());
    }
}

void TstDurableFile::namesAFolderThatIsNotThere()
{
    const auto written = writeDurably(path("none/file"), asBytes("x"), FileMode::OwnerOnly);
    QVERIFY(!written.ok());
    QCOMPARE(written.error().source, ErrorSource{Errno{ENOENT}});
    QVERIFY(written.error().what.starts_with(path("none/file").string()));
}

void TstDurableFile::namesAFolderThatMayNotBeWritten()
{
    std::filesystem::permissions(m_directory.path().toStdString(), std::filesystem::perms{0755});
    std::filesystem::permissions(m_folder, std::filesystem::perms{0555});
    QCOMPARE(test::resultInChild([this] {
                 test::becomeAnybody();
                 const auto written = writeDurably(path("file"), asBytes("x"), FileMode::OwnerOnly);
                 return !written.ok() && written.error().source == ErrorSource{Errno{EACCES}} ? 0 : 1;
             }),
             0);
    std::filesystem::permissions(m_folder, std::filesystem::perms::owner_all);
    QCOMPARE(readWholeText(path("file"), 100).value(), std::string{"before"});
}

void TstDurableFile::aFileThatGrowsTooLargeIsAnError()
{
    QCOMPARE(test::resultInChild([this] {
                 ignoreSignalsOfWrites();
                 const test::FullDisk full{4096};
                 const Bytes content(10'000);
                 const auto written = writeDurably(path("file"), content, FileMode::OwnerOnly);
                 return !written.ok() && written.error().source == ErrorSource{Errno{EFBIG}} ? 0 : 1;
             }),
             0);
    QCOMPARE(readWholeText(path("file"), 100).value(), std::string{"before"});
    QCOMPARE(entriesIn(m_folder), 1U);
}

void TstDurableFile::withoutTheSignalIgnoredTheProcessWouldEnd()
{
    QCOMPARE(test::resultInChild([this] {
                 restoreSignalsOfWrites();
                 const test::FullDisk full{4096};
                 const rlimit noCore{0, 0};
                 ::setrlimit(RLIMIT_CORE, &noCore);
                 return writeDurably(path("file"), Bytes(10'000), FileMode::OwnerOnly).ok() ? 0 : 1;
             }),
             128 + SIGXFSZ);
}

QTEST_GUILESS_MAIN(TstDurableFile)
#include "tst_durable_file.moc"
