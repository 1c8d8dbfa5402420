#include "ui/run/sign_in_messages.h"

#include <QCoreApplication>

namespace enroll::ui {
namespace {

struct Bar {
    Q_DECLARE_TR_FUNCTIONS(ScanBar)
};

} // namespace

ScanMessage signedInMessage(const enrollment::Person& person, const ScanMessage& wanted)
{
    return {ScanNews::SignedIn, Bar::tr("%1 is signed in.").arg(QString::fromStdString(person.name)), wanted.headline};
}

ScanMessage signedOutMessage(const std::optional<enrollment::Person>& person)
{
    return {ScanNews::SignedOut,
            person ? Bar::tr("%1 is signed out.").arg(QString::fromStdString(person->name))
                   : Bar::tr("Nobody is signed in."),
            Bar::tr("Tests that run go on. A badge signs in.")};
}

ScanMessage readingBadgeMessage()
{
    return {ScanNews::ReadingBadge, Bar::tr("The badge is read."), Bar::tr("Wait for the name.")};
}

ScanMessage operatorWantedMessage()
{
    return {ScanNews::OperatorWanted, Bar::tr("Scan your badge."),
            Bar::tr("No test starts before somebody is signed in.")};
}

QString roleText(enrollment::Role role)
{
    switch (role) {
    case enrollment::Role::Technician:
        return Bar::tr("Technician");
    case enrollment::Role::Quality:
        return Bar::tr("Quality");
    case enrollment::Role::Administrator:
        break;
    }
    return Bar::tr("Administrator");
}

} // namespace enroll::ui
