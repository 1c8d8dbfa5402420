#include "tests/ui/timed_keys.h"
#include "ui/sign_in/code_keys.h"

#include <QTest>

using namespace enroll;
using namespace enroll::ui;
using enrollment::ScanEnd;
using Key = CodeKeys::Key;
using Pace = station::EntryWay::Pace;

namespace {

constexpr int kPatience = 20'000;

/// Keys with their times, and the codes that came of them.
struct Typist {
    Typist()
    {
        QObject::connect(&keys, &CodeKeys::coded, &keys, [this](const std::string& code, const station::EntryWay& way) {
            codes.emplace_back(code, way.pace);
        });
    }
    Key strike(int key, quint64 gap, quint64 hold, const QString& text = {}, Qt::KeyboardModifiers modifiers = {})
    {
        auto made = Key::NotMine;
        keyboard.strike(
            {gap, hold}, {key, modifiers, text}, [&](const QKeyEvent& down) { made = keys.press(down); },
            [&](const QKeyEvent& up) { keys.release(up); });
        return made;
    }
    void type(const QString& text, quint64 gap, quint64 hold)
    {
        for (const auto character : text) {
            strike(character.toUpper().unicode(), gap, hold, QString(character));
        }
    }
    void scan(const QString& text) { type(text, 5, 2); }
    void byHand(const QString& text) { type(text, 160, 80); }
    void enter()
    {
        if (strike(Qt::Key_Return, 5, 2) == Key::End) {
            keys.take();
        }
    }

    CodeKeys keys;
    test::TimedKeys keyboard;
    std::vector<std::pair<std::string, Pace>> codes;
};

} // namespace

class CodeKeysTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsAScannerFromFingers()
    {
        Typist typist;
        typist.scan(QStringLiteral("B00001"));
        QVERIFY(typist.keys.isScan());
        typist.enter();
        typist.keyboard.now += 1000;
        typist.byHand(QStringLiteral("B00002"));
        QVERIFY(!typist.keys.isScan());
        typist.enter();
        typist.enter(); // the second line end of a scanner
        QCOMPARE(typist.codes.size(), std::size_t{2});
        QVERIFY((typist.codes[0] == std::pair{std::string{"B00001"}, Pace::Scanner}));
        QVERIFY((typist.codes[1] == std::pair{std::string{"B00002"}, Pace::ByHand}));
    }

    void whatIsTakenBackIsNoPartOfTheCode()
    {
        Typist typist;
        typist.byHand(QString::fromUtf8("B0000\xc3\xa9"));
        QCOMPARE(typist.keys.size(), std::size_t{7});
        typist.keys.takeLastBack();
        QCOMPARE(typist.keys.size(), std::size_t{5});
        typist.keyboard.now += 500;
        typist.byHand(QStringLiteral("1"));
        typist.enter();
        QCOMPARE(typist.codes.front().first, std::string{"B00001"});
        typist.keys.takeLastBack(); // there is nothing
        QCOMPARE(typist.keys.size(), std::size_t{0});
    }

    void whatCameBeforeAPauseMayBeLeftOut()
    {
        Typist typist;
        typist.byHand(QString::fromUtf8("47\xc3\xa9"));
        typist.keys.forgetBefore();
        QCOMPARE(typist.keys.size(), std::size_t{2});
        typist.keyboard.now += 1000;
        typist.scan(QStringLiteral("B"));
        typist.keys.forgetBefore();
        typist.scan(QStringLiteral("00001"));
        typist.enter();
        QVERIFY((typist.codes.front() == std::pair{std::string{"B00001"}, Pace::Scanner}));
        typist.keys.forgetBefore(); // there is nothing
        QCOMPARE(typist.keys.size(), std::size_t{0});
    }

    void everyEndOfAScanEndsIt()
    {
        Typist typist;
        QVERIFY(typist.strike(Qt::Key_Tab, 500, 80) == Key::NotMine); // by hand it goes to what is next
        for (const auto& [key, text, modifiers] :
             {std::tuple{Qt::Key_Return, QString(), Qt::KeyboardModifiers{}},
              std::tuple{Qt::Key_Enter, QString(), Qt::KeyboardModifiers{Qt::KeypadModifier}},
              std::tuple{Qt::Key_Tab, QString(), Qt::KeyboardModifiers{}},
              std::tuple{Qt::Key_J, QString(), Qt::KeyboardModifiers{Qt::ControlModifier}}}) {
            typist.scan(QStringLiteral("B00001"));
            QVERIFY(typist.strike(key, 5, 2, text, modifiers) == Key::End);
            typist.keys.take();
            typist.keyboard.now += 1000;
        }
        QCOMPARE(typist.codes.size(), std::size_t{4});
    }

    void silenceEndsAScanWhereTheScannerSendsNothing()
    {
        Typist typist;
        enrollment::ScannerSettings settings;
        settings.end = ScanEnd::Silence;
        settings.minLength = 4;
        typist.keys.setScanner(settings);
        typist.scan(QStringLiteral("B00001"));
        QTRY_COMPARE_WITH_TIMEOUT(typist.codes.size(), std::size_t{1}, kPatience);
        QVERIFY(typist.codes.front().second == Pace::Scanner);
    }

    /// What a finger ends later, or what comes behind it, is no whole code.
    void aScanWithoutItsEndIsCutOff()
    {
        Typist typist;
        int cut = 0;
        QObject::connect(&typist.keys, &CodeKeys::cutOff, &typist.keys, [&cut] { ++cut; });
        typist.scan(QStringLiteral("B0000"));
        QTRY_COMPARE_WITH_TIMEOUT(cut, 1, kPatience);
        typist.keyboard.now += 3000;
        typist.scan(QStringLiteral("00001"));
        typist.enter();
        QVERIFY(typist.codes.back().second == Pace::Mixed);
        typist.scan(QStringLiteral("B0000"));
        typist.keyboard.now += 3000;
        typist.enter();
        QVERIFY(typist.codes.back().second == Pace::Mixed);
        typist.scan(QStringLiteral("B0000"));
        typist.keys.drop(); // somebody begins anew
        typist.keys.drop();
        QCOMPARE(cut, 2);
        typist.byHand(QStringLiteral("B0000"));
        typist.keys.drop();
        QCOMPARE(cut, 2);
    }

    /// F8 is a control character of a code, and a command between codes.
    void aControlCharacterIsPartOfAScan()
    {
        Typist typist;
        QVERIFY(typist.strike(Qt::Key_F8, 500, 80) == Key::NotMine);
        typist.scan(QStringLiteral("B0000"));
        QVERIFY(typist.strike(Qt::Key_F8, 5, 2) == Key::Character);
        typist.scan(QStringLiteral("1"));
        typist.enter();
        QCOMPARE(typist.codes.front().first, std::string{"B0000\x1d"} + "1");
    }

    void aCodeThatNeverEndsTakesNoMoreRoom()
    {
        Typist typist;
        for (int i = 0; i < 1000; ++i) {
            typist.scan(QStringLiteral("0123456789"));
        }
        QCOMPARE(typist.keys.size(), std::size_t{4096});
        typist.enter();
        QVERIFY(typist.codes.front().second == Pace::Mixed); // never taken for the whole
    }
};

QTEST_GUILESS_MAIN(CodeKeysTest)
#include "tst_code_keys.moc"
