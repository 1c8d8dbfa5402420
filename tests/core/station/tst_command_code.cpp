#include "core/base/scan_code.h"
#include "core/station/command_code.h"
#include "core/station/slot_label.h"
#include "tests/support/code_text.h"
#include "tests/support/must.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace enroll;
using namespace enroll::station;
using namespace enroll::test;

namespace {

CommandCodes codesOf(const char* station)
{
    return must(CommandCodes::of(enrollment::StationId{station}));
}

} // namespace

class TestCommandCode : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsItsOwnCard()
    {
        const auto codes = codesOf("ST-07");
        for (const auto command : kAllCommands) {
            const auto read = codes.read(codes.textOf(command));
            QVERIFY(read.ok());
            QVERIFY(*read == command);
        }
    }

    /// Frozen: cards hang beside stations, and a new version must still read them.
    void cardsThatArePrintedStayGood()
    {
        QCOMPARE(QString::fromStdString(codesOf("ST-07").textOf(Command::StartAll)),
                 QStringLiteral("enrolltvkmstartall"));
    }

    void readsACardWithCapsLockOn()
    {
        const auto codes = codesOf("ST-07");
        auto text = codes.textOf(Command::Stop);
        std::ranges::transform(text, text.begin(),
                               [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
        QVERIFY(must(codes.read(text)) == Command::Stop);
    }

    void needsNoShift()
    {
        for (const auto command : kAllCommands) {
            const auto text = codesOf("ST-07").textOf(command);
            QVERIFY(std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); }));
        }
    }

    void refusesTheCardOfTheStationBesideIt()
    {
        const auto read = codesOf("ST-07").read(codesOf("ST-08").textOf(Command::StartAll));
        QVERIFY(!read.ok());
        QCOMPARE(textOf(read.error().code), textOf(ScanCode::OtherStationsCard));
        QVERIFY(!CommandCodes{}.read(codesOf("ST-07").textOf(Command::Stop)).ok());
    }

    void aCodeThatLostACharacterIsNoCommand()
    {
        const auto codes = codesOf("ST-07");
        std::set<std::string> all;
        for (const auto command : kAllCommands) {
            all.insert(codes.textOf(command));
        }
        QCOMPARE(all.size(), kAllCommands.size());
        for (const auto& text : all) {
            for (std::size_t at = 0; at < text.size(); ++at) {
                auto damaged = text;
                damaged.erase(at, 1);
                const auto read = codes.read(damaged);
                QVERIFY2(!read.ok() || !*read, damaged.c_str());
            }
        }
    }

    void whatIsNoCommandIsLeftToOthers_data()
    {
        QTest::addColumn<QString>("code");
        for (const auto* code : {"", "GX-000183", "SLOT 3", "ENROLL", "ENROLL-000183", "enrollabcd", "enrollabcdgo"}) {
            QTest::newRow(code) << QString::fromLatin1(code);
        }
    }
    void whatIsNoCommandIsLeftToOthers()
    {
        QFETCH(const QString, code);
        QVERIFY(!must(codesOf("ST-07").read(code.toStdString())));
    }

    void noCommandIsASlotsLabel()
    {
        for (const auto command : kAllCommands) {
            QVERIFY(!slotOfLabel(codesOf("ST-07").textOf(command)));
        }
    }
};

QTEST_GUILESS_MAIN(TestCommandCode)
#include "tst_command_code.moc"
