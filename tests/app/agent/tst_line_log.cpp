#include "app/agent/line_log.h"

#include <QTest>

#include <algorithm>
#include <sstream>

namespace enroll::test {

using app::agent::LineLog;
using std::chrono::seconds;

class tst_line_log : public QObject {
    Q_OBJECT

    static std::ptrdiff_t lines(const std::ostringstream& out) { return std::ranges::count(out.str(), '\n'); }

private Q_SLOTS:
    void saysWhoAndWhat()
    {
        std::ostringstream out;
        LineLog log{out};
        log.say("10.7.3.2:41234", "the line broke");
        QCOMPARE(out.str(), std::string{"station 10.7.3.2:41234: the line broke\n"});
    }

    void whatAStationSaidOfItselfIsOneLine()
    {
        std::ostringstream out;
        LineLog log{out};
        log.say("10.7.3.2:41234", "CN=a\nstation 10.7.3.3:1: \x1b[2J");
        QCOMPARE(lines(out), std::ptrdiff_t{1});
        QVERIFY(out.str().find('\x1b') == std::string::npos);
    }

    void nobodyFillsIt()
    {
        std::ostringstream out;
        LineLog log{out};
        const LineLog::Time begin{};
        constexpr std::ptrdiff_t kMost = LineLog::kMost;
        for (int i = 0; i < 1'000; ++i) {
            log.say("10.7.3.2:41234", "no", begin + seconds{i % 60});
        }
        QCOMPARE(lines(out), kMost);
        log.say("10.7.3.3:1", "no", begin + LineLog::kSpan);
        QCOMPARE(lines(out), kMost + 1);
        QVERIFY2(out.str().find(std::to_string(1'000 - kMost) + " further faults") != std::string::npos,
                 out.str().c_str());
        log.say("10.7.3.3:1", "last", begin + LineLog::kSpan);
        QVERIFY(out.str().ends_with(": last\n")); // they were told of once
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_line_log)
#include "tst_line_log.moc"
