kmem_cache_alloc:
	test $0x100,%esi
	jne L1
	cmpb $0x0,slab_gates+0x30(%rip)
	jne L2
L3:
	mov cpu_sequences+0x8(%rip),%rdx
	lea __rseq_cs(%rip),%rcx
	mov %rcx,%fs:0x8(%rdx)
	mov %fs:0x4(%rdx),%ecx
	cmp cpu_sequences+0x30(%rip),%ecx
	jae L1
	imul cpu_sequences+0x38(%rip),%rcx
	add cpu_sequences+0x18(%rip),%rcx
	cmpl $0x0,(%rcx)
	jne L1
	add 0x38(%rdi),%rcx
	mov (%rcx),%r8d
	sub $0x1,%r8d
	jb L1
	mov 0x10(%rcx,%r8,8),%rax
	movl $0x1,0xc(%rcx)
	mov %r8d,(%rcx)
	ret
	mov cpu_sequences_lost(%rip),%rax
	add $0x1,%rax
	mov %rax,cpu_sequences_lost(%rip)
L1:
	xor %edx,%edx
	jmp out
L2:
	mov GOT(%rip),%rax
	cmpb $0x0,%fs:(%rax)
	jne L1
	jmp L3
kmem_cache_free:
	mov cpu_sequences+0x8(%rip),%rax
	lea __rseq_cs(%rip),%rdx
	mov %rdx,%fs:0x8(%rax)
	mov %fs:0x4(%rax),%edx
	cmp cpu_sequences+0x30(%rip),%edx
	jae L1
	imul cpu_sequences+0x38(%rip),%rdx
	add cpu_sequences+0x18(%rip),%rdx
	cmpl $0x0,(%rdx)
	jne L1
	mov %rsi,%rcx
	sub 0x10(%rdx),%rcx
	cmp cpu_sequences+0x10(%rip),%rcx
	jae L1
	add 0x38(%rdi),%rdx
	mov (%rdx),%ecx
	cmp 0x4(%rdx),%ecx
	jae L1
	mov %rsi,0x10(%rdx,%rcx,8)
	add $0x1,%ecx
	mov %ecx,(%rdx)
	ret
	mov cpu_sequences_lost(%rip),%rax
	add $0x1,%rax
	mov %rax,cpu_sequences_lost(%rip)
L1:
	xor %edx,%edx
	jmp out
__kmalloc:
	lea -0x1(%rdi),%rax
	cmp slab_gates+0x38(%rip),%rax
	jae L1
	test $0x111,%esi
	jne L1
	mov cpu_sequences+0x8(%rip),%rdx
	shr $0x3,%rax
	lea kmalloc_place(%rip),%rcx
	lea __rseq_cs(%rip),%r10
	mov %r10,%fs:0x8(%rdx)
	mov %fs:0x4(%rdx),%r10d
	cmp cpu_sequences+0x30(%rip),%r10d
	jae L2
	imul cpu_sequences+0x38(%rip),%r10
	add cpu_sequences+0x18(%rip),%r10
	cmpl $0x0,(%r10)
	jne L2
	add (%rcx,%rax,8),%r10
	mov (%r10),%r8d
	sub $0x1,%r8d
	jb L2
	mov 0x10(%r10,%r8,8),%r9
	movl $0x1,0xc(%r10)
	mov %r8d,(%r10)
	mov %r9,%rax
	ret
	mov cpu_sequences_lost(%rip),%rax
	add $0x1,%rax
	mov %rax,cpu_sequences_lost(%rip)
L2:
	jmp out
L1:
	jmp out
kfree:
	mov cpu_sequences+0x8(%rip),%rax
	test %rax,%rax
	je L1
	lea __rseq_cs(%rip),%rdx
	mov %rdx,%fs:0x8(%rax)
	mov %fs:0x4(%rax),%edx
	cmp cpu_sequences+0x30(%rip),%edx
	jae L1
	imul cpu_sequences+0x38(%rip),%rdx
	add cpu_sequences+0x18(%rip),%rdx
	cmpl $0x0,(%rdx)
	jne L1
	mov %rdi,%rcx
	sub 0x10(%rdx),%rcx
	cmp cpu_sequences+0x10(%rip),%rcx
	jae L1
	mov %rdi,%rsi
	mov page_map+0x38(%rip),%r8
	shr $0xc,%rsi
	mov (%r8,%rsi,4),%r9d
	mov page_map+0x18(%rip),%r8
	shl $0x6,%rsi
	mov %rdi,%r10
	sub 0x18(%r8,%rsi,1),%r10
	mov 0x10(%r8,%rsi,1),%rsi
	add %r9,%rdx
	mov (%rdx),%ecx
	cmp 0x4(%rdx),%ecx
	jae L1
	imul 0x8(%rsi),%r10
	cmp 0x10(%rsi),%r10
	jae L1
	mov %rdi,0x10(%rdx,%rcx,8)
	add $0x1,%ecx
	mov %ecx,(%rdx)
	ret
	mov cpu_sequences_lost(%rip),%rax
	add $0x1,%rax
	mov %rax,cpu_sequences_lost(%rip)
L1:
	jmp out
kmem_cache_alloc_bulk:
	push %rbp
	mov %rsp,%rbp
	push %r15
	push %r14
	push %r13
	push %r12
	push %rbx
	sub $0x18,%rsp
	mov %esi,-0x40(%rbp)
	mov %rcx,-0x38(%rbp)
	cmp $0x7fffffff,%rdx
	ja L1
	and $0x100,%esi
	mov %rdi,%r12
	mov %rdx,%r13
	xor %r15d,%r15d
	mov %esi,-0x3c(%rbp)
	lea cpu_sequences(%rip),%rbx
L10:
	cmp %r13,%r15
	jae L2
L9:
	mov -0x38(%rbp),%rax
	mov %r12,%rdi
	lea (%rax,%r15,8),%r14
	call out
	test %al,%al
	je L3
	mov -0x3c(%rbp),%eax
	test %eax,%eax
	jne L3
	cmpb $0x0,slab_gates+0x30(%rip)
	jne L4
L12:
	mov %r13,%rdx
	mov $0x40,%eax
	mov cpu_sequences+0x8(%rip),%rdi
	mov %r14,%rsi
	sub %r15,%rdx
	cmp %rax,%rdx
	cmova %rax,%rdx
	mov %rdx,%rax
	lea __rseq_cs(%rip),%r8
	mov %r8,%fs:0x8(%rdi)
	mov %fs:0x4(%rdi),%r8d
	cmp 0x30(%rbx),%r8d
	jae L5
	imul 0x38(%rbx),%r8
	add 0x18(%rbx),%r8
	cmpl $0x0,(%r8)
	jne L5
	add 0x28(%r12),%r8
	mov (%r8),%r9d
	test %r9d,%r9d
	je L5
	cmp %eax,%r9d
	cmovb %r9d,%eax
	mov %eax,%r10d
	shr %r10d
	jae L6
	movq 0x8(%r8,%r9,8),%xmm0
	movq %xmm0,(%rsi)
	lea 0x8(%rsi),%rsi
	lea -0x1(%r9d),%r9d
	test %r10d,%r10d
L6:
	je L7
L8:
	movups (%r8,%r9,8),%xmm0
	pshufd $0x4e,%xmm0,%xmm0
	movups %xmm0,(%rsi)
	add $0x10,%rsi
	sub $0x2,%r9d
	sub $0x1,%r10d
	jne L8
L7:
	movl $0x1,0xc(%r8)
	mov %r9d,(%r8)
	test %eax,%eax
	je L5
	mov %eax,%eax
	add %rax,%r15
	cmp %r13,%r15
	jb L9
L2:
	add $0x18,%rsp
	mov %r13d,%eax
	pop %rbx
	pop %r12
	pop %r13
	pop %r14
	pop %r15
	pop %rbp
	ret
	mov cpu_sequences_lost(%rip),%rax
	add $0x1,%rax
	mov %rax,cpu_sequences_lost(%rip)
L5:
	mov %r14,%rsi
	mov %r12,%rdi
	call out
	mov %eax,%edx
	add %rdx,%r15
	test %eax,%eax
	jne L10
	mov -0x38(%rbp),%rax
	lea (%rax,%r15,8),%r14
L3:
	mov -0x40(%rbp),%esi
	xor %edx,%edx
	mov %r12,%rdi
	call out
	mov %rax,(%r14)
	test %rax,%rax
	je L11
	add $0x1,%r15
	jmp L10
L4:
	mov GOT(%rip),%rax
	cmpb $0x0,%fs:(%rax)
	jne L3
	jmp L12
L11:
	mov -0x38(%rbp),%rdx
	mov %r15,%rsi
	mov %r12,%rdi
	addr32 call out
L1:
	add $0x18,%rsp
	xor %eax,%eax
	pop %rbx
	pop %r12
	pop %r13
	pop %r14
	pop %r15
	pop %rbp
	ret
kmem_cache_free_bulk:
	push %rbp
	mov %rsp,%rbp
	push %r15
	mov %rsi,%r15
	push %r14
	push %r13
	push %r12
	push %rbx
	sub $0x28,%rsp
	mov %rdx,-0x48(%rbp)
	test %rdi,%rdi
	je L1
	mov %rdi,%r12
	xor %r13d,%r13d
	test %rsi,%rsi
	je L2
L5:
	mov -0x48(%rbp),%rax
	mov %r15,%r14
	mov %r12,%rdi
	sub %r13,%r14
	lea (%rax,%r13,8),%rbx
	mov %rbx,-0x40(%rbp)
	call out
	test %al,%al
	jne L3
L10:
	mov $0x8,%ebx
	cmp %rbx,%r14
	cmovbe %r14,%rbx
	mov %ebx,%edx
	mov %rbx,-0x38(%rbp)
	mov -0x40(%rbp),%rbx
	lea (%rbx,%rdx,8),%r14
L4:
	mov (%rbx),%rsi
	add $0x8,%rbx
	mov %r12,%rdi
	addr32 call out
	cmp %r14,%rbx
	jne L4
	mov -0x38(%rbp),%rax
	add %rax,%r13
	cmp %r15,%r13
	jb L5
L2:
	add $0x28,%rsp
	pop %rbx
	pop %r12
	pop %r13
	pop %r14
	pop %r15
	pop %rbp
	ret
L3:
	mov $0x40,%edx
	mov %rbx,%rax
	mov cpu_sequences+0x8(%rip),%rcx
	lea cpu_sequences(%rip),%r10
	cmp %rdx,%r14
	cmovbe %r14,%rdx
	mov %rdx,%rbx
	lea __rseq_cs(%rip),%rsi
	mov %rsi,%fs:0x8(%rcx)
	mov %fs:0x4(%rcx),%esi
	cmp 0x30(%r10),%esi
	jae L6
	imul 0x38(%r10),%rsi
	add 0x18(%r10),%rsi
	cmpl $0x0,(%rsi)
	jne L6
	movq 0x10(%rsi),%xmm1
	punpcklqdq %xmm1,%xmm1
	pxor %xmm2,%xmm2
	add 0x28(%r12),%rsi
	mov (%rsi),%edi
	mov 0x4(%rsi),%r8d
	sub %edi,%r8d
	jbe L6
	cmp %ebx,%r8d
	cmovb %r8d,%ebx
	mov %ebx,%r8d
	shr %r8d
	jae L7
	movq (%rax),%xmm2
	movq %xmm2,0x10(%rsi,%rdi,8)
	psubq %xmm1,%xmm2
	movq %xmm2,%xmm2
	lea 0x8(%rax),%rax
	lea 0x1(%edi),%edi
	test %r8d,%r8d
L7:
	je L8
L9:
	movups (%rax),%xmm0
	movups %xmm0,0x10(%rsi,%rdi,8)
	psubq %xmm1,%xmm0
	por %xmm0,%xmm2
	add $0x10,%rax
	add $0x2,%edi
	sub $0x1,%r8d
	jne L9
L8:
	movhlps %xmm2,%xmm0
	por %xmm2,%xmm0
	movq %xmm0,%r9
	cmp 0x10(%r10),%r9
	jae L6
	mov %edi,(%rsi)
	test %ebx,%ebx
	je L6
	mov %ebx,%eax
	mov %rax,-0x38(%rbp)
	mov -0x38(%rbp),%rax
	add %rax,%r13
	cmp %r15,%r13
	jb L5
	jmp L2
	mov cpu_sequences_lost(%rip),%rax
	add $0x1,%rax
	mov %rax,cpu_sequences_lost(%rip)
L6:
	mov -0x40(%rbp),%rsi
	mov %r12,%rdi
	call out
	mov %eax,%eax
	mov %rax,-0x38(%rbp)
	test %rax,%rax
	je L10
	mov -0x38(%rbp),%rax
	add %rax,%r13
	cmp %r15,%r13
	jb L5
	jmp L2
L1:
	mov -0x48(%rbp),%rsi
	add $0x28,%rsp
	mov %r15,%rdi
	pop %rbx
	pop %r12
	pop %r13
	pop %r14
	pop %r15
	pop %rbp
	jmp out
