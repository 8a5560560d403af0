// Package deeds is 機關簽發的文件: what an authority signs with a key of its own, once, and keeps.
package deeds
