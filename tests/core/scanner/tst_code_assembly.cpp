#include "core/scanner/code_assembly.h"

#include <QTest>

using namespace enroll;
using enrollment::ScanEnd;
using scanner::CodeAssembly;
using scanner::ScannedLine;
using std::chrono::milliseconds;

namespace {

using Lines = std::vector<ScannedLine>;

/// What becomes of \p parts, one every \p gap, and of the silence behind them.
Lines linesOf(ScanEnd end, const std::vector<std::string>& parts, milliseconds gap)
{
    CodeAssembly codes{end};
    CodeAssembly::Time now{};
    Lines lines;
    for (const auto& part : parts) {
        for (auto& line : codes.take(part, now)) {
            lines.push_back(std::move(line));
        }
        now += gap;
    }
    if (const auto due = codes.due()) {
        if (auto line = codes.settle(*due)) {
            lines.push_back(*std::move(line));
        }
    }
    return lines;
}

} // namespace

class TestCodeAssembly : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyLineEndEndsACode_data()
    {
        QTest::addColumn<QByteArray>("end");
        QTest::newRow("Return") << QByteArray{"\r"};
        QTest::newRow("line feed") << QByteArray{"\n"};
        QTest::newRow("Return and line feed") << QByteArray{"\r\n"};
        QTest::newRow("Tab") << QByteArray{"\t"};
        QTest::newRow("twice") << QByteArray{"\r\r"};
    }

    void everyLineEndEndsACode()
    {
        QFETCH(const QByteArray, end);
        const auto text = "GX-000181" + end.toStdString() + "GX-000182" + end.toStdString();
        const Lines both{{"GX-000181"}, {"GX-000182"}};
        QVERIFY(linesOf(ScanEnd::LineEnd, {text}, milliseconds{0}) == both);
        QVERIFY(linesOf(ScanEnd::Silence, {text}, milliseconds{0}) == both);
        for (std::size_t cut = 0; cut <= text.size(); ++cut) { // however the line delivers it
            QVERIFY(linesOf(ScanEnd::LineEnd, {text.substr(0, cut), text.substr(cut)}, milliseconds{30}) == both);
        }
    }

    void aScannerThatSendsNoEndIsKnownByItsSilence()
    {
        const auto pause = CodeAssembly::kSilence;
        QVERIFY((linesOf(ScanEnd::Silence, {"GX-000181", "GX-000182"}, pause) == Lines{{"GX-000181"}, {"GX-000182"}}));
        QVERIFY((linesOf(ScanEnd::Silence, {"GX-00", "0181"}, pause - milliseconds{1}) == Lines{{"GX-000181"}}));
    }

    void whatIsTooShortForACodeEndsBySilenceAsAPart()
    {
        CodeAssembly codes{ScanEnd::Silence, 6};
        codes.take("GX-000", {});
        QVERIFY((codes.settle(*codes.due()) == ScannedLine{"GX-000"}));
        QVERIFY((codes.take("GX\r", {}) == Lines{{"GX"}})); // its end came
        codes.take("GX-00", {});
        QVERIFY((codes.settle(*codes.due()) == ScannedLine{"GX-00", false}));
    }

    /// A serial line does not say when its characters came: a program that reads late must not take two parts for codes, nor
    /// two codes for one.
    void aPauseThatNobodyKnowsOfIsNoSilence()
    {
        using Time = CodeAssembly::Time;
        for (const auto end : {ScanEnd::Silence, ScanEnd::LineEnd}) {
            const auto longest = CodeAssembly::kLongestGap + milliseconds{1};
            const auto pause = end == ScanEnd::Silence ? CodeAssembly::kSilence : longest;
            const Time first{pause};
            CodeAssembly codes{end};
            QVERIFY(codes.take("GX-00", first).empty());
            QVERIFY((codes.take("0181\r", first, first + pause) == Lines{{"GX-000181", false}}));
            QVERIFY(codes.take("GX-00", first).empty());
            QVERIFY((codes.take("0181\r", first, first + pause - milliseconds{1}) == Lines{{"GX-000181"}}));
        }
    }

    /// The first one's end was lost; together they may look like one serial number.
    void twoCodesAreNotOne()
    {
        for (const auto gap : {CodeAssembly::kLongestGap + milliseconds{1}, milliseconds{800},
                               CodeAssembly::kLongestPause - milliseconds{1}}) {
            QVERIFY((linesOf(ScanEnd::LineEnd, {"000181", "000182\r000183\r"}, gap) ==
                     Lines{{"000181000182", false}, {"000183"}}));
        }
        QVERIFY(
            (linesOf(ScanEnd::LineEnd, {"000181", "000182\r"}, CodeAssembly::kLongestGap) == Lines{{"000181000182"}}));
        QVERIFY((linesOf(ScanEnd::LineEnd, {"000181", "\r000182\r"}, milliseconds{800}) ==
                 Lines{{"000181"}, {"000182"}})); // its end came late
    }

    void aCodeWithoutItsEndIsNone()
    {
        QVERIFY((linesOf(ScanEnd::LineEnd, {"GX-000181"}, milliseconds{0}) == Lines{{"GX-000181", false}}));
    }

    void aPartIsNeverPutBeforeTheNextCode()
    {
        // Pulled out amid a code: the rest of it never comes, and the next one is whole.
        QVERIFY(
            (linesOf(ScanEnd::LineEnd, {"GX-00", "GX-000182\r"},
                     CodeAssembly::kLongestPause + CodeAssembly::kNextScan) == Lines{{"GX-00", false}, {"GX-000182"}}));
        CodeAssembly codes{ScanEnd::LineEnd};
        QVERIFY(codes.take("GX-00", {}).empty());
        QVERIFY((codes.abandon() == ScannedLine{"GX-00", false}));
        QVERIFY(!codes.due() && !codes.abandon());
        QVERIFY((codes.take("GX-000182\r", {}) == Lines{{"GX-000182"}}));
    }

    /// The line stalled amid a code, and goes on.
    void theRestOfAPartIsNoCode()
    {
        const auto stall = CodeAssembly::kLongestPause + CodeAssembly::kNextScan - milliseconds{1};
        QVERIFY((linesOf(ScanEnd::LineEnd, {"GX-00", "0183\rGX-000182\r"}, stall) ==
                 Lines{{"GX-00", false}, {"0183", false}, {"GX-000182"}}));
        QVERIFY((linesOf(ScanEnd::LineEnd, {"GX", "-00", "0183\r"}, stall) ==
                 Lines{{"GX", false}, {"-00", false}, {"0183", false}}));
        QVERIFY((linesOf(ScanEnd::LineEnd, {"GX-000183", "\r", "GX-000182\r"}, stall) ==
                 Lines{{"GX-000183", false}, {"GX-000182"}}));
    }

    void whatComesAsTheScannerIsOpenedMayLackItsBeginning()
    {
        constexpr CodeAssembly::Time kAtOnce{CodeAssembly::kOpening - milliseconds{1}};
        constexpr CodeAssembly::Time kLater{CodeAssembly::kOpening};
        CodeAssembly codes{ScanEnd::LineEnd};
        codes.begin({});
        QVERIFY(codes.isUnsure());
        QVERIFY(codes.take("01", kAtOnce).empty());
        QVERIFY((codes.take("83\rGX-000182\r", kLater) == Lines{{"0183", false}, {"GX-000182"}}));
        QVERIFY(!codes.isUnsure() && !codes.due());

        codes.begin({}); // nothing came: nothing is told
        QVERIFY(codes.due() == kLater);
        QVERIFY(!codes.settle(kLater));
        QVERIFY(!codes.isUnsure() && !codes.due());
        QVERIFY((codes.take("GX-000182\r", kLater) == Lines{{"GX-000182"}}));

        codes.begin({}); // nobody asked in between
        QVERIFY((codes.take("GX-000182\r", kLater) == Lines{{"GX-000182"}}));
        codes.begin({});
        QVERIFY(codes.take("\n", kAtOnce, kLater).empty()); // the end of a code that nothing else came of
        QVERIFY(!codes.isUnsure());
        codes.begin({}); // nobody knows when it came
        QVERIFY((codes.take("GX-000182\r", kAtOnce, kLater) == Lines{{"GX-000182", false}}));
    }

    void whatLostCharactersIsNoWholeCode()
    {
        CodeAssembly codes{ScanEnd::LineEnd};
        codes.take("GX-0", {});
        codes.tear({});
        QVERIFY((codes.take("181\rGX-000182\r", {}) == Lines{{"GX-0181", false}, {"GX-000182"}}));
        // A code of which nothing came is told, too: a person waits for it.
        codes.tear({});
        QVERIFY(codes.due());
        QVERIFY((codes.settle(*codes.due()) == ScannedLine{"", false}));
        QVERIFY(!codes.settle(*codes.due())); // the rest of it did not come
        QVERIFY(!codes.due());
    }

    void aDamagedCharacterMakesItsCodeAPart()
    {
        const auto damaged = std::string{"GX-0"} + CodeAssembly::kDamaged + "181";
        QVERIFY((linesOf(ScanEnd::LineEnd, {damaged + "\rGX-000182\r"}, milliseconds{0}) ==
                 Lines{{damaged, false}, {"GX-000182"}}));
        QVERIFY((linesOf(ScanEnd::Silence, {damaged}, milliseconds{0}) == Lines{{damaged, false}}));
    }

    void aFloodWithoutAnEndIsBounded()
    {
        CodeAssembly codes{ScanEnd::LineEnd};
        const std::string flood(CodeAssembly::kLongest * 3, 'A');
        QVERIFY(codes.take(flood, {}).empty());
        const auto lines = codes.take("\rGX-000181\r", {});
        QCOMPARE(lines.size(), std::size_t{2});
        QVERIFY(!lines.front().isWhole && lines.front().text.size() == CodeAssembly::kLongest);
        QVERIFY((lines.back() == ScannedLine{"GX-000181"}));
        const std::string longest(CodeAssembly::kLongest, 'A');
        QVERIFY((codes.take(longest + '\r', {}) == Lines{{longest}}));
    }

    void everyByteButLineEndsAndDamageIsHandedOn()
    {
        // The judge refuses what is no code; here nothing is left out in silence.
        std::string all;
        for (int c = 1; c < 256; ++c) {
            if (c != '\r' && c != '\n' && c != '\t') {
                all.push_back(static_cast<char>(c));
            }
        }
        QVERIFY((linesOf(ScanEnd::LineEnd, {all + '\r'}, milliseconds{0}) == Lines{{all}}));
    }
};

QTEST_GUILESS_MAIN(TestCodeAssembly)
#include "tst_code_assembly.moc"
