#!/bin/sh
# Postfix as a relay: no local mailbox, no sender but the portal's network, nothing in clear towards the outside.
set -eu
postconf -e \
    "relayhost=${RELAY_HOST:?the mail server of the académie, as [host]:port}" \
    "myhostname=${MAIL_NAME:-mail.localdomain}" \
    "mydestination=" \
    "mynetworks=${MAIL_NETWORKS:-172.16.0.0/12}" \
    "inet_interfaces=all" \
    "local_transport=error:no local mailbox" \
    "smtpd_relay_restrictions=permit_mynetworks,reject" \
    "smtp_tls_security_level=${RELAY_TLS:-encrypt}" \
    "smtp_tls_CAfile=/etc/ssl/certs/ca-certificates.crt" \
    "maximal_queue_lifetime=1d" \
    "compatibility_level=3.6" \
    "maillog_file=/dev/stdout"
exec postfix start-fg
