#include "core/base/nearest_name.h"

#include <QtTest>

#include <array>

using namespace enroll;

class TstNearestName : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTypingErrorHasANearestName();
    void anotherWordHasNone();
};

namespace {
constexpr std::array<std::string_view, 3> kNames{"certificate", "endorsement", "runs"};
} // namespace

void TstNearestName::aTypingErrorHasANearestName()
{
    QCOMPARE(nearestName("certifcate", kNames), std::string_view{"certificate"});
    QCOMPARE(nearestName("run", kNames), std::string_view{"runs"});
    QCOMPARE(nearestName("runs", kNames), std::string_view{"runs"});
}

void TstNearestName::anotherWordHasNone()
{
    QCOMPARE(nearestName("zzz", kNames), std::string_view{});
    QCOMPARE(nearestName("runs", {}), std::string_view{});
}

QTEST_APPLESS_MAIN(TstNearestName)
#include "tst_nearest_name.moc"
