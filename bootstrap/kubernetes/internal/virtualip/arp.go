package virtualip

import (
	"net"
	"net/netip"
)

// announcement is an ARP request (RFC 826) in which sender and target are the same address.
func announcement(mac net.HardwareAddr, address netip.Addr) []byte {
	ip := address.As4()
	// Ethernet, IPv4, lengths 6 and 4, request.
	packet := []byte{0, 1, 8, 0, 6, 4, 0, 1}
	packet = append(packet, mac...)
	packet = append(packet, ip[:]...)
	packet = append(packet, 0, 0, 0, 0, 0, 0)
	return append(packet, ip[:]...)
}
