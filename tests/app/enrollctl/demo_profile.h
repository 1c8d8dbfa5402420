#pragma once

#include "tests/app/enrollctl/enrollctl_process.h"

#include <QFile>
#include <QTest>

namespace enroll::test {

/// Writes what README.md tells for trying a transport that the shipped demo does not allow: a copy of it with another name.
/// \param transport  "tls", "serial": it is WORD.profile.toml below the directory of \p ctl
inline void writeDemoProfileFor(const QByteArray& transport, const EnrollctlProcess& ctl)
{
    QFile demo{QStringLiteral(ENROLL_SOURCE_DIR "/resources/profiles/demo.profile.toml")};
    QVERIFY(demo.open(QIODevice::ReadOnly));
    auto text = demo.readAll();
    text.replace("name = \"Demonstration\"", "name = \"" + transport + "\"");
    text.replace("allow = [\"tcp\", \"dev\"]", "allow = [\"tcp\", \"" + transport + "\", \"dev\"]");
    QVERIFY(text.contains("\"" + transport + "\", "));
    ctl.write(QString::fromLatin1(transport + ".profile.toml"), text);
}

} // namespace enroll::test
