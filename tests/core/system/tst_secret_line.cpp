#include "core/base/station_code.h"
#include "core/system/secret_line.h"

#include <QTest>

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <termios.h>
#include <thread>
#include <unistd.h>

using namespace enroll;
using namespace enroll::system;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 20s;

/// What a script wrote.
struct Pipe {
    explicit Pipe(std::string_view text, bool open = false)
    {
        if (::pipe(ends.data()) != 0) {
            std::abort();
        }
        if (::write(ends[1], text.data(), text.size()) < 0) {
            std::abort();
        }
        if (!open) {
            ::close(std::exchange(ends[1], -1));
        }
    }
    ~Pipe()
    {
        ::close(ends[0]);
        if (ends[1] >= 0) {
            ::close(ends[1]);
        }
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    std::array<int, 2> ends{};
};

std::string lineOf(const Result<SecretBytes>& line)
{
    return line.ok() ? std::string{asText(line->view())} : "refused";
}

} // namespace

class SecretLineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesOneLineAndNothingBehindIt()
    {
        const Pipe pipe{"B00001\nB00002\r\nB00003"};
        QCOMPARE(lineOf(readSecretLine(pipe.ends[0], 64, kPatience, {})), std::string{"B00001"});
        QCOMPARE(lineOf(readSecretLine(pipe.ends[0], 64, kPatience, {})), std::string{"B00002"});
    }

    void aLineMayEndWithTheInput()
    {
        QCOMPARE(lineOf(readSecretLine(Pipe{"B00003"}.ends[0], 6, kPatience, {})), std::string{"B00003"});
    }

    void refusesWhatIsNoCode()
    {
        for (const auto* text : {"", "\n", "B000011"}) {
            const auto line = readSecretLine(Pipe{text}.ends[0], 6, kPatience, {});
            QVERIFY(line.error().code == StationCode::UsageInvalid);
        }
        QVERIFY(readSecretLine(-1, 6, 100ms, {}).error().code != StationCode::InternalFault);
    }

    void waitsNoLongerThanItMay()
    {
        const Pipe pipe{"B0", true};
        QVERIFY(readSecretLine(pipe.ends[0], 64, 1ms, {}).error().code == StationCode::UsageInvalid);
    }

    void aStopEndsIt()
    {
        const Pipe pipe{"B0", true};
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(readSecretLine(pipe.ends[0], 64, kPatience, stop.get_token()).error().code ==
                StationCode::UsageInvalid);
    }

    void aTerminalShowsNothingMeanwhileAndEverythingAgainAfterwards()
    {
        const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
        QVERIFY(terminal >= 0 && ::grantpt(terminal) == 0 && ::unlockpt(terminal) == 0);
        const int line = ::open(::ptsname(terminal), O_RDWR | O_NOCTTY); // NOLINT(concurrency-mt-unsafe)
        QVERIFY(line >= 0);
        const auto echoes = [line] {
            termios now{};
            return ::tcgetattr(line, &now) == 0 && (now.c_lflag & static_cast<tcflag_t>(ECHO)) != 0;
        };
        QVERIFY(echoes());
        std::string read;
        {
            const std::jthread reader{[&] { read = lineOf(readSecretLine(line, 64, kPatience, {})); }};
            QTRY_VERIFY(!echoes());
            QCOMPARE(::write(terminal, "B00001\n", 7), ssize_t{7});
        }
        QCOMPARE(read, std::string{"B00001"});
        QVERIFY(echoes());
        ::close(line);
        ::close(terminal);
    }
};

QTEST_GUILESS_MAIN(SecretLineTest)
#include "tst_secret_line.moc"
