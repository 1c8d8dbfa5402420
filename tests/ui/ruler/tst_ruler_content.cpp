#include "ui/ruler/ruler_content.h"

#include <QTest>

using namespace enroll::ui;

namespace {

RulerSubject deskScreen()
{
    RulerSubject subject;
    subject.screen = {"HDMI-1", "HP E24 G4", "CN41", 1920, 1080};
    subject.pixels = 1920;
    subject.claimed = 509;
    return subject;
}

} // namespace

class RulerContentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void numbersAreTyped_data()
    {
        QTest::addColumn<QString>("keys");
        QTest::addColumn<QString>("typed");
        QTest::newRow("whole") << QStringLiteral("412") << QStringLiteral("412");
        QTest::newRow("a point") << QStringLiteral("412.5") << QStringLiteral("412.5");
        QTest::newRow("a comma") << QStringLiteral("412,5") << QStringLiteral("412.5");
        QTest::newRow("one digit behind it") << QStringLiteral("412.55") << QStringLiteral("412.5");
        QTest::newRow("one point") << QStringLiteral("4.1.2") << QStringLiteral("4.1");
        QTest::newRow("a point first") << QStringLiteral(".5") << QStringLiteral("5");
        QTest::newRow("too many") << QStringLiteral("41234") << QStringLiteral("4123");
        QTest::newRow("no number") << QStringLiteral("4a 1m") << QStringLiteral("41");
    }
    void numbersAreTyped()
    {
        QFETCH(const QString, keys);
        QFETCH(const QString, typed);
        QString text;
        for (const auto key : keys) {
            addTo(text, key);
        }
        QCOMPARE(text, typed);
    }

    void theBarSaysHowWideThePictureIs()
    {
        const auto subject = deskScreen();
        QVERIFY(!pictureWidth({RulerWay::Length, 960, {}}, subject));
        QCOMPARE(pictureWidth({RulerWay::Length, 960, QStringLiteral("263.5")}, subject).value_or(0), 527.0);
        QCOMPARE(pictureWidth({RulerWay::Ruler, 384, {}}, subject).value_or(0), 500.0);
        QCOMPARE(pictureWidth({RulerWay::BankCard, 192, {}}, subject).value_or(0), 856.0);
        auto doubled = subject; // the same screen at 200 %
        doubled.pixels = 960;
        QCOMPARE(pictureWidth({RulerWay::Ruler, 192, {}}, doubled).value_or(0), 500.0);
    }

    void sizesFollowTheBestThatIsKnown()
    {
        auto subject = deskScreen();
        const auto dots = [&](std::optional<double> wide = {}) {
            return qRound(viewingWith(wide, subject).dotsPerInch);
        };
        QCOMPARE(dots(), 96);
        subject.measured = 1000;
        QCOMPARE(dots(), 49);
        QCOMPARE(dots(2000), 24);
        subject.configured = 500;
        QCOMPARE(dots(), 98);
        subject = {};
        subject.pixels = 1920;
        QCOMPARE(dots(), 96); // it says nothing
    }

    void samplesAreAsLargeAsTheyWillBe()
    {
        RulerState state{.subject = deskScreen(), .draft = {RulerWay::Length, 960, QStringLiteral("263.5")}};
        const auto near = rulerContent(state);
        state.subject.distanceMetres = 2;
        const auto far = rulerContent(state);
        QVERIFY(!near.samples.empty() && near.samples.size() == far.samples.size());
        for (std::size_t i = 0; i < near.samples.size(); ++i) {
            QCOMPARE(far.samples[i].pixels, 2 * near.samples[i].pixels);
        }
        state.draft.typed = QStringLiteral("1"); // no screen: the samples stay as they are
        state.subject.measured = 527;
        QCOMPARE(rulerContent(state).samples.front().pixels, far.samples.front().pixels);
        state.subject.measured.reset();
        state.draft.typed = QStringLiteral("263.5");
        state.subject.configured = 1054; // counts, whatever is measured
        QCOMPARE(rulerContent(state).samples.front().pixels, far.samples.front().pixels / 2);
    }
};

QTEST_APPLESS_MAIN(RulerContentTest)
#include "tst_ruler_content.moc"
