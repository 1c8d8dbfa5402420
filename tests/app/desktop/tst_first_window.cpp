#include "app/desktop/first_window.h"

#include <QFile>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <future>

using namespace enroll;
using enroll::app::desktop::FirstWindow;

namespace {

constexpr int kPatience = 20'000;
constexpr std::chrono::milliseconds kShort{50};

/// A second start, while this thread is the first one's.
std::future<bool> askIn(const std::filesystem::path& directory, std::chrono::milliseconds within)
{
    return std::async(std::launch::async,
                      [directory, within] { return FirstWindow::ask(directory, Deadline::in(within)); });
}

bool isReady(const std::future<bool>& answer)
{
    return answer.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
}

} // namespace

class FirstWindowTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_root;
    [[nodiscard]] std::filesystem::path directory() const { return m_root.path().toStdString(); }
    [[nodiscard]] QString place() const { return m_root.filePath(QStringLiteral("station.socket")); }

private Q_SLOTS:
    void cleanup() { QFile::remove(place()); }

    void isShownByEverySecondStart()
    {
        FirstWindow first(directory());
        QSignalSpy asked(&first, &FirstWindow::asked);
        for (int round = 1; round <= 3; ++round) {
            auto answer = askIn(directory(), std::chrono::milliseconds{kPatience});
            QTRY_VERIFY_WITH_TIMEOUT(isReady(answer), kPatience);
            QVERIFY(answer.get());
            QCOMPARE(asked.size(), round);
        }
    }

    void nobodyIsThere()
    {
        QVERIFY(!FirstWindow::ask(directory(), Deadline::in(kShort)));
        QVERIFY(!FirstWindow::ask(directory() / "missing", Deadline::in(kShort)));
    }

    void oneThatIsJustStartingIsWaitedFor()
    {
        auto answer = askIn(directory(), std::chrono::milliseconds{kPatience});
        QVERIFY(!isReady(answer));
        const FirstWindow first(directory());
        QTRY_VERIFY_WITH_TIMEOUT(isReady(answer), kPatience);
        QVERIFY(answer.get());
    }

    void oneThatIsClosingShowsNothing()
    {
        FirstWindow first(directory());
        first.stop();
        QVERIFY(!FirstWindow::ask(directory(), Deadline::in(kShort)));
    }

    void oneThatHangsIsNotWaitedFor()
    {
        const FirstWindow first(directory()); // no event is handled: this thread waits
        QVERIFY(!FirstWindow::ask(directory(), Deadline::in(kShort)));
    }

    void theSocketIsItsOwnersAlone()
    {
        const FirstWindow first(directory());
        const auto allowed = QFile::permissions(place());
        constexpr auto kOthers = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther |
                                 QFile::WriteOther | QFile::ExeOther;
        QVERIFY((allowed & QFile::Permissions{kOthers}) == QFile::Permissions{});
    }

    void whatIsNoSocketStays()
    {
        QFile file(place());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("somebody's");
        file.close();
        {
            const FirstWindow first(directory());
            QVERIFY(!FirstWindow::ask(directory(), Deadline::in(kShort)));
        }
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("somebody's"));
    }

    void aClientThatStaysAndTalksChangesNothing()
    {
        FirstWindow first(directory());
        QLocalSocket rude;
        rude.connectToServer(place());
        rude.write(QByteArray(100'000, 'x'));
        auto answer = askIn(directory(), std::chrono::milliseconds{kPatience});
        QTRY_VERIFY_WITH_TIMEOUT(isReady(answer), kPatience);
        QVERIFY(answer.get());
    }
};

QTEST_GUILESS_MAIN(FirstWindowTest)
#include "tst_first_window.moc"
